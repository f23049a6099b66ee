import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Diagnostic } from '../../../../src/diagnostics/diagnostic.ts';
import { formatDiagnostic } from '../../../../src/diagnostics/format.ts';
import { textOf } from '../../../../src/diagnostics/project.ts';
import type { Survey } from '../../../../src/topology/rules/rule.ts';
import { checkTopology, rules } from '../../../../src/topology/rules/rules.ts';
import { toYaml } from '../../../../src/yaml/yaml.ts';
import { soundFiles, surveyOf } from './sound.ts';

/** Texts that are replaced in files of the sound estate, each by another; a file that is not there is made. */
type Edit = Readonly<Record<string, Readonly<Record<string, string>> | string>>;

/** One rule: what breaks it and what is then said of it, and what comes near without breaking it. */
interface Case {
  readonly code: string;
  readonly broken: Edit;
  /** Severity, code and sentence, then the place and what stands there. */
  readonly found: string;
  readonly sound: Edit;
}

const folder = new URL('cases/', import.meta.url);
const tables = readdirSync(folder).sort();
const cases = tables.flatMap((name) => parse(readFileSync(new URL(name, folder), 'utf8')) as readonly Case[]);

function edited(edit: Edit): Survey {
  const files: Record<string, string> = { ...soundFiles };
  for (const [name, change] of Object.entries(edit)) {
    if (typeof change === 'string') files[name] = change;
    else {
      for (const [before, after] of Object.entries(change)) {
        if (!files[name]?.includes(before)) throw new Error(`${name} has no "${before}"`);
        files[name] = files[name].replace(before, () => after);
      }
    }
  }
  return surveyOf(files);
}

function shown({ project }: Survey, { why: _, mend: __, ...fault }: Diagnostic): string {
  return formatDiagnostic(fault, (file) => textOf(project, file));
}

function found(edit: Edit, code: string): string {
  const survey = edited(edit);
  const faults = checkTopology(survey).filter((fault) => fault.code === code);
  return faults.map((fault) => shown(survey, fault)).join('\n');
}

describe('the rules of an estate', () => {
  it('find nothing in a sound one', () => {
    expect(checkTopology(edited({}))).toEqual([]);
  });

  it('each have one case at least, and a code of their own', () => {
    const codes = rules.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !cases.some((one) => one.code === code))).toEqual([]);
  });

  for (const { code, broken, found: expected, sound } of cases) {
    it(`${code}: ${JSON.stringify(broken)}`, () => {
      expect(found(broken, code)).toBe(expected.trimEnd());
      expect(found(sound, code)).toBe('');
    });
  }

  it('bear whatever stands in the files that users write', () => {
    const sound = surveyOf(soundFiles);
    const keys = ['groups', 'rules', 'expr', 'for', 'interval', 'route', 'routes', 'receiver', 'receivers', 'global'];
    const more = ['name', 'matchers', 'group_interval', 'webhook_configs', 'url', 'targets', 'labels', 'token', 'x'];
    const texts = ['sum(', 'rate(x[', 'x[5m] offset', '{', '10.0.0.11:9101', '5m', '', '{{ x }}', 'http://a:b@c'];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium' },
        fc.oneof(fc.constantFrom(...texts), fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys, ...more), tie('value'), { maxKeys: 4 }),
      ),
    }));
    const files = fc.record({
      'prod/alertmanager.yml': value,
      'prod/rules/app.yml': value,
      'prod/targets/disk.yml': value,
    });
    fc.assert(
      fc.property(files, (values) => {
        const written = Object.entries(values).map(
          ([path, one]) => [path, new TextEncoder().encode(toYaml(one))] as const,
        );
        const project = { files: new Map([...sound.project.files, ...written]) };
        for (const { what, why, at } of checkTopology({ ...sound, project })) {
          expect([what, why ?? '', at?.line]).toEqual([expect.any(String), expect.any(String), expect.any(Number)]);
        }
      }),
      { numRuns: 100 },
    );
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Diagnostic } from '../../../../src/diagnostics/diagnostic.ts';
import { formatDiagnostic } from '../../../../src/diagnostics/format.ts';
import { textOf } from '../../../../src/diagnostics/project.ts';
import type { Survey } from '../../../../src/topology/rules/rule.ts';
import { checkTopology, rules } from '../../../../src/topology/rules/rules.ts';
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
});

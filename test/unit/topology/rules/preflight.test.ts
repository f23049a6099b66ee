import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { unwrap } from '../../../../src/diagnostics/diagnostic.ts';
import { frame, unframe } from '../../../../src/posix/frame.ts';
import { preflight, preflightProbes, preflightRules } from '../../../../src/topology/rules/preflight.ts';
import { rules } from '../../../../src/topology/rules/rules.ts';
import { type LocalShell, localShells, runHere } from '../../../support/local-shells.ts';
import { soundFiles, surveyOf } from './sound.ts';

interface Case {
  readonly code: string;
  readonly probe: string;
  /** What the host answers. */
  readonly broken: string;
  /** Severity and sentence of each finding, a line each. */
  readonly found: string;
  readonly sound: string;
  /** What hosts answered that were asked before. */
  readonly before?: Readonly<Record<string, string>>;
  /** When the host was asked, in seconds. */
  readonly at?: number;
}

const cases = parse(readFileSync(new URL('preflight.cases.yml', import.meta.url), 'utf8')) as readonly Case[];
const survey = surveyOf(soundFiles);
const asked = { from: 1000, to: 1002 };

function found({ probe: name, code, before = {}, at: from = asked.from }: Case, stdout: string): string {
  const probe = preflightProbes(survey, 'mon-b').find((one) => one.name === name)!;
  const factsOf = (text: string) => ({ [name]: unwrap(probe.parse({ code: 0, stdout: text, stderr: '' })) });
  const others = new Map(Object.entries(before).map(([host, text]) => [host, factsOf(text)]));
  return preflight(survey, 'mon-b', factsOf(stdout), { from, to: from + 2 }, others)
    .filter((fault) => fault.code === code)
    .map(({ severity, what, host, at }) => {
      expect([host, at?.file.startsWith('prod/')]).toEqual(['mon-b', true]);
      return `${severity} ${what}`;
    })
    .join('\n');
}

describe('the rules that hosts can break', () => {
  it('each have one case at least, and codes that no other rule has', () => {
    const codes = preflightRules.map(({ code }) => code);
    expect(new Set([...codes, ...rules.map(({ code }) => code)]).size).toBe(codes.length + rules.length);
    expect(codes.filter((code) => !cases.some((one) => one.code === code))).toEqual([]);
  });

  for (const one of cases) {
    it(`${one.code}: ${JSON.stringify(one.broken)}`, () => {
      expect(found(one, one.broken)).toBe(one.found.trimEnd());
      expect(found(one, one.sound)).toBe('');
    });
  }

  it('find nothing where a host says nothing, or was not asked', () => {
    const probes = preflightProbes(survey, 'mon-b');
    const facts = Object.fromEntries(
      probes.map(({ name, parse: read }) => [name, unwrap(read({ code: 127, stdout: '', stderr: 'not found' }))]),
    );
    expect(preflight(survey, 'mon-b', facts, asked)).toEqual([]);
    expect(preflight(survey, 'mon-b', {}, asked)).toEqual([]);
  });

  it('do not ask a host that has no part in the estate', () => {
    expect(preflightProbes(survey, 'mon-d')).toEqual([]);
    expect(preflight(survey, 'mon-d', { preflight_clock: {} }, asked)).toEqual([]);
  });

  it('do not ask for secrets or shared addresses where there are none', () => {
    expect(preflightProbes(survey, 'mon-c').map(({ name }) => name)).not.toContain('preflight_secrets');
  });
});

describe.each(localShells())('the questions, asked in $name', (shell: LocalShell) => {
  let server: Server;
  beforeAll(() => new Promise<void>((done) => (server = createServer().listen(0, '127.0.0.1', done))));
  afterAll(() => new Promise((done) => server.close(done)));

  const mark = 'c0ffee00c0ffee00c0ffee00';
  const probes = preflightProbes(survey, 'mon-b');

  it('are answered by this machine', () => {
    const from = Date.now() / 1000;
    const { stdout, stderr } = runHere(
      shell,
      frame(
        probes.map(({ script }) => script),
        mark,
      ),
    );
    const to = Date.now() / 1000;
    const answers = unframe(stdout, stderr, mark, probes.length)!;
    const facts = Object.fromEntries(
      probes.map(({ name, parse: read }, index) => [name, unwrap(read(answers[index]!))]),
    );
    expect(answers.map((answer) => answer.stderr.trim())).toEqual(probes.map(() => ''));
    const port = (server.address() as { readonly port: number }).port;
    expect(facts['preflight_ports']).toMatchObject({ listening: expect.arrayContaining([`${port}/tcp`]) });
    expect(facts['preflight_network']).toMatchObject({ interfaces: expect.arrayContaining(['lo']) });
    expect(facts['preflight_docker']).toMatchObject({ free: expect.any(Number), fileSystem: expect.any(String) });
    expect(facts['preflight_secrets']).toHaveProperty(['/opt/hadeploy/secrets/slack']);
    const codes = preflight(survey, 'mon-b', facts, { from, to }).map(({ code }) => code);
    expect(codes).not.toContain('clock-skew');
  });
});

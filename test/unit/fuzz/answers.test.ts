import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { parse } from 'yaml';
import { Refusal } from '../../../src/diagnostics/diagnostic.ts';
import { parseApplied, parseDigests } from '../../../src/plan/applied.ts';
import { generationText, parseGeneration } from '../../../src/plan/generation.ts';
import { orphans, ownershipText, parseOwnership } from '../../../src/plan/ownership.ts';
import { builtInFacts, builtInProbe } from '../../../src/playbook/facts.ts';
import { unframe } from '../../../src/posix/frame.ts';
import { isDeed } from '../../../src/resources/change.ts';
import { kinds } from '../../../src/resources/index.ts';
import type { AnyKind, Reply } from '../../../src/resources/kind.ts';
import { parseJournal, progressOf, runsIn } from '../../../src/run/journal/entries.ts';
import { parseUnfinished } from '../../../src/run/journal/unfinished.ts';
import { parseLock } from '../../../src/run/lock/look.ts';
import { stepsReader } from '../../../src/run/step-script.ts';
import { understood } from '../../../src/run/understood.ts';
import { corpus } from './corpus.ts';
import { edits, isLong, mutated, runs, soon } from './mutations.ts';

const mark = '0123456789abcdef0123456789abcdef';

interface Case {
  readonly spec: unknown;
  readonly reply?: string | Readonly<Record<string, unknown>>;
  readonly invalid?: string;
  readonly refused?: string;
}

/** The answers of hosts in the tables of all kinds, each with the spec it is an answer to. */
const answered = [...kinds.values()].flatMap((kind) => {
  const table = new URL(`../resources/${kind.name}.cases.yml`, import.meta.url);
  let cases: readonly Case[] = [];
  try {
    cases = parse(readFileSync(table, 'utf8')) as readonly Case[];
  } catch {}
  return cases
    .filter(({ reply, invalid, refused }) => reply !== undefined && !invalid && !refused)
    .map(({ spec, reply }) => ({ kind, spec, reply: reply! }));
});

/** What a kind observes, or why it cannot tell. */
function seen(kind: AnyKind, spec: unknown, reply: Reply): unknown {
  const at = { file: 'site.yml', line: 1, col: 1 };
  const task = { name: 'It', at, tags: [] };
  const resource = { host: 'a', kind: kind.name, id: 'it', spec, task, become: true, notify: [], noLog: false };
  try {
    return understood(kind, resource, reply);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

const bad = (text: string) => edits.map((all) => mutated(text, all));

/** All that a kind does with an answer, before anything is done to the host. */
function decide(kind: AnyKind, spec: unknown, reply: Reply): void {
  soon(() => {
    const observed = seen(kind, spec, reply);
    if (observed instanceof Refusal) return;
    const change = kind.diff(spec, observed, { disturbed: false });
    if (isDeed(change)) kind.apply(spec, change, observed);
    kind.former?.(spec, observed);
  });
}

const facts = builtInFacts.map((fact) => ({ fact, probe: builtInProbe(fact) }));

/** Reads texts as each of the records that a host keeps. */
function readRecords(o: string, g: string, j: string, a: string, l: string): void {
  soon(() => {
    const ownership = parseOwnership(o);
    if (ownership) orphans(ownership, 'site.yml', 'a', new Set(), kinds);
    parseGeneration(g);
    for (const run of runsIn(parseJournal(j))) progressOf(run);
    parseUnfinished(j.replaceAll(/^/gm, 'journal '));
    parseApplied(a);
    parseDigests(a);
    parseLock(l);
  });
}

/** Tells the answers of two probes apart, and the steps that a host tells of. */
function readFrames(out: string, err: string, said: string): void {
  soon(() => {
    for (const { code } of unframe(out, err, mark, 2) ?? [])
      if (!Number.isInteger(code)) throw new Error(`code ${code}`);
    const read = stepsReader(mark, ({ ended, pid }) => {
      if (ended && !Number.isInteger(ended.code)) throw new Error(`code ${ended.code}`);
      if (pid !== undefined && !Number.isInteger(pid)) throw new Error(`pid ${pid}`);
    });
    for (const line of said.split('\n')) read(line);
  });
}

describe('a kept answer is understood or refused', () => {
  it.each(corpus('answers').map(({ name, text }) => [name, text] as const))('%s', (_name, text) => {
    for (const { kind, spec, reply } of answered) {
      const isPage = typeof reply !== 'string' && ('status' in reply || 'error' in reply);
      const whole = isPage ? { status: 200, body: text } : { stdout: text, stderr: text, code: 0 };
      decide(kind, spec, whole as never);
    }
    for (const { probe } of facts) soon(() => probe.parse({ code: 0, stdout: text, stderr: '' }));
    readRecords(text, text, text, text, text);
    readFrames(text, text, text);
  });
});

describe('whatever a host answers', { timeout: isLong ? 3_600_000 : 60_000 }, () => {
  it('a kind makes something of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...answered), edits, fc.nat({ max: 255 }), ({ kind, spec, reply }, all, code) => {
        const parts: Record<string, unknown> = typeof reply === 'string' ? { stdout: reply } : { ...reply };
        const isPage = 'status' in parts || 'error' in parts;
        for (const key of ['stdout', 'stderr', 'body', 'error'])
          if (typeof parts[key] === 'string') parts[key] = mutated(parts[key], all);
        const whole = isPage ? { status: undefined, ...parts } : { stdout: '', stderr: '', ...parts, code: code % 3 };
        decide(kind, spec, whole as never);
      }),
      runs(),
    );
  });

  it('facts are facts or faults', () => {
    fc.assert(
      fc.property(fc.constantFrom(...facts), edits, fc.nat({ max: 2 }), ({ fact, probe }, all, code) => {
        soon(() => probe.parse({ code, stdout: mutated(String(fact.example), all), stderr: '' }));
      }),
      runs(),
    );
  });

  it('its records are read or called damaged', () => {
    const owned = ownershipText(
      new Map([
        [
          'site.yml',
          {
            owned: [{ id: 'file:/a', kind: 'file', absent: { path: '/a', state: 'absent' }, become: true }],
            pending: ['x'],
          },
        ],
      ]),
    );
    const generation = generationText({ run: '1', playbook: 'site.yml', entries: [] });
    const journal = `{"time":"2026-11-22T01:30:00Z","event":"run-started","run":"1","who":"a@b","command":"apply","playbook":"s","digest":"d","hosts":["a"],"items":["x"]}
{"time":"2026-11-22T01:30:01Z","event":"step-ended","run":"1","item":"x","step":"s","last":true,"code":0}
{"time":"2026-11-22T01:30:02Z","event":"run-ended","run":"1","outcome":"done"}\n`;
    const applied = '{"version":1,"digests":{"a":"b"}}\n{"resources":[]}\n';
    const lock = `lease 1\nlease {"id":"1","who":"a@b","command":"apply","since":"2026-11-22T01:30:00Z"}\nfreeze 99999999999\nfreeze {"who":"a","message":"m"}\n`;
    fc.assert(
      fc.property(bad(owned), bad(generation), bad(journal), bad(applied), bad(lock), (o, g, j, a, l) => {
        readRecords(o, g, j, a, l);
      }),
      runs(),
    );
  });

  it('its answers are told apart or refused', () => {
    const framed = `${mark}\none\n${mark} 0\ntwo\n\n${mark} 3\n`;
    const steps = `noise\n${mark} pid 12\nout\n${mark} 0\n${mark} refused\n`;
    fc.assert(
      fc.property(bad(framed), bad(framed), bad(steps), (out, err, said) => {
        readFrames(out, err, said);
      }),
      runs(),
    );
  });
});

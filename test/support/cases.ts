import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Script } from '../../src/posix/script.ts';
import { isDeed } from '../../src/resources/change.ts';
import type { AnyKind, Circumstances } from '../../src/resources/kind.ts';
import { validate } from '../../src/schema/validate.ts';

/**
 * One line of a kind's table. Only what is given is checked: `probe`, `observed`, `change`, `check`, `steps` exactly
 * (scripts as their text, `change: none` for no change), `refused` and `invalid` as a part of what the user reads.
 */
interface Case {
  readonly name: string;
  readonly spec: unknown;
  readonly as?: 'task' | 'handler';
  readonly now?: Partial<Circumstances>;
  /** What the host answers: stdout alone, or the parts of a reply. Absent: a probe that found nothing to say. */
  readonly reply?: string | Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly probe?: unknown;
  readonly observed?: unknown;
  readonly change?: unknown;
  readonly check?: unknown;
  readonly steps?: unknown;
  readonly refused?: string;
  readonly invalid?: string;
}

const nowhere = { file: 'playbook.yml', line: 1, col: 1 };

/** Runs a kind's table `<kind>.cases.yml` beside the calling test: `runCases(file, import.meta.url)`. */
export function runCases(kind: AnyKind, testUrl: string, table = `${kind.name}.cases.yml`): void {
  const cases = parse(readFileSync(new URL(table, testUrl), 'utf8')) as readonly Case[];
  describe(`cases of ${kind.name}`, () => {
    for (const one of cases) it(one.name, () => prove(kind, one));
  });
}

function prove(kind: AnyKind, one: Case): void {
  const valid = validate(kind.schema, one.spec, () => nowhere, { what: 'The task' });
  const faults = valid.ok ? [] : valid.faults.map(({ what, why, mend }) => `${what} ${why ?? ''} ${mend ?? ''}`);
  if (one.invalid !== undefined) {
    expect(faults.join('\n')).toContain(one.invalid);
    return;
  }
  expect(faults).toEqual([]);
  const refused = kind.refuse?.(one.spec, one.as ?? 'task');
  if (one.refused !== undefined) {
    expect(refused && `${refused.what} ${refused.why} ${refused.mend}`).toContain(one.refused);
    return;
  }
  expect(refused).toBeUndefined();
  if (one.id !== undefined) expect(kind.id(one.spec)).toBe(one.id);
  if (one.probe !== undefined) expect(plain(kind.probe(one.spec))).toEqual(one.probe);
  if (one.reply === undefined && one.change === undefined) return;
  const observed = kind.parse(replyOf(one.reply), one.spec);
  if (one.observed !== undefined)
    expect(legible(observed)).toEqual(one.observed === 'absent' ? undefined : one.observed);
  const change = kind.diff(one.spec, observed, { disturbed: false, ...one.now });
  if (one.change !== undefined) expect(plain(change)).toEqual(one.change === 'none' ? { action: 'none' } : one.change);
  if (one.check === undefined && one.steps === undefined) return;
  if (!isDeed(change)) throw new Error('only a change that does something has steps');
  if (one.check !== undefined) expect(plain(kind.check?.(one.spec, change, observed)) ?? 'none').toEqual(one.check);
  if (one.steps !== undefined) expect(plain(kind.apply(one.spec, change, observed))).toEqual(one.steps);
}

function replyOf(reply: Case['reply']): never {
  if (typeof reply === 'object' && ('status' in reply || 'error' in reply))
    return { status: undefined, ...reply } as never;
  const parts = typeof reply === 'string' ? { stdout: reply } : reply;
  return { code: 0, stdout: '', stderr: '', ...parts } as never;
}

/** What was observed, its bytes as the text they are. */
function legible(observed: unknown): unknown {
  if (typeof observed !== 'object' || observed === null) return observed;
  const text = (value: unknown) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value);
  return Object.fromEntries(Object.entries(observed).map(([key, value]) => [key, text(value)]));
}

/** A value as a table can write it: scripts as their text, an absent `from` or `to` as null. */
function plain(value: unknown): unknown {
  if (value instanceof Script) return value.text;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      (key === 'from' || key === 'to') && inner === undefined ? null : plain(inner),
    ]),
  );
}

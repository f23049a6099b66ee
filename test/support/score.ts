import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Item } from '../../src/plan/plan.ts';
import { isDeed, type Shown } from '../../src/resources/change.ts';
import { opaque, opaqueIn } from './opaque.ts';

/** How many values that plans showed were what resulted, by `KIND FIELD`, and how often a plan could show none. */
export interface Score {
  readonly suite: string;
  readonly known: Record<string, { equal: number; all: number }>;
  readonly opaque: Record<string, number>;
  /** Values that were not what resulted. */
  readonly wrong: { readonly id: string; readonly field: string; readonly shown: Shown; readonly found: unknown }[];
}

/** Where suites leave their scores for `npm run test:law` to publish. */
export const scoreFolder = resolve(import.meta.dirname, '../../dist/law');

export function newScore(suite: string): Score {
  return { suite, known: {}, opaque: {}, wrong: [] };
}

/** Counts what a plan showed of one change; `found` reads the value of a field anew, by a way of its own. */
export function count(score: Score, { resource, change }: Item, found: (field: string) => Shown): void {
  if (!isDeed(change)) return;
  for (const row of opaqueIn(resource, change)) score.opaque[row] = (score.opaque[row] ?? 0) + 1;
  for (const { field, to } of change.fields) {
    const row = `${resource.kind} ${resource.kind === 'package' ? '…' : rowOf(field)}`;
    score.known[row] ??= { equal: 0, all: 0 };
    const tally = score.known[row];
    const now = found(field);
    tally.all += 1;
    if (now === to) tally.equal += 1;
    else score.wrong.push({ id: resource.id, field, shown: to, found: now });
  }
}

/** Writes the score down, and tells it. */
export function publish(score: Score): void {
  mkdirSync(scoreFolder, { recursive: true });
  writeFileSync(
    resolve(scoreFolder, `${score.suite}.json`),
    `${JSON.stringify({ ...score, reasons: opaque }, undefined, 1)}\n`,
  );
  const tallies = Object.values(score.known);
  const sum = (of: 'equal' | 'all') => tallies.reduce((total, one) => total + one[of], 0);
  console.log(`exactness ${score.suite}: ${sum('equal')} of ${sum('all')} known values resulted as shown`);
}

/** Fields with a name in them are counted together: `service web` and `service db` are `service …`. */
function rowOf(field: string): string {
  return field.replace(/^(service|image|in) .*/, '$1 …').replace(/^config\/\S+/, 'config/…');
}

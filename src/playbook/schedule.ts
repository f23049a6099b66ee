import type { BatchSize } from './serial.ts';

/** What the order of a roll goes by. */
export interface Candidate {
  readonly member: string;
  readonly cell: string;
  readonly host: string;
  /** Lower ones go first. */
  readonly rank: number;
}

/**
 * The steps of a roll: members by rank, then cell, then name. A step changes one member, and with it members of the same
 * rank whose cells share no host with the cells in it, as many as `sizes` allow (the last one repeated; a share is of
 * all members, rounded down, at least one).
 */
export function schedule<T extends Candidate>(members: readonly T[], sizes: readonly BatchSize[]): readonly T[][] {
  const cells = new Map<string, Set<string>>();
  for (const { cell, host } of members) cells.set(cell, (cells.get(cell) ?? new Set()).add(host));
  const left = [...members].sort(
    (a, b) => a.rank - b.rank || compare(a.cell, b.cell) || compare(a.member, b.member) || compare(a.host, b.host),
  );
  const steps: T[][] = [];
  while (left.length > 0) {
    const room = sizeOf(sizes[Math.min(steps.length, sizes.length - 1)], members.length);
    const step: T[] = [];
    const hosts = new Set<string>();
    for (const one of [...left]) {
      const mine = cells.get(one.cell)!;
      const fits = step.length < room && [...mine].every((host) => !hosts.has(host));
      if (step.length > 0 && (one.rank !== step[0]!.rank || !fits)) continue;
      step.push(one);
      for (const host of mine) hosts.add(host);
      left.splice(left.indexOf(one), 1);
    }
    steps.push(step);
  }
  return steps;
}

function sizeOf(size: BatchSize | undefined, members: number): number {
  if (size === undefined) return members;
  return 'hosts' in size ? size.hosts : Math.max(1, Math.floor((members * size.percent) / 100));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, schedule } from '../../../src/playbook/schedule.ts';

const member = (name: string, host: string, rank = 0): Candidate => ({
  member: name,
  cell: name.slice(0, name.lastIndexOf('-')),
  host,
  rank,
});
const names = (steps: readonly (readonly Candidate[])[]) => steps.map((step) => step.map((one) => one.member));

const estates = fc
  .array(
    fc.record({
      cell: fc.constantFrom('s1', 's2', 's3', 's4'),
      host: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      rank: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 10 },
  )
  .map((all) => {
    const unique = new Map(all.map((one) => [`${one.cell} ${one.host}`, one]));
    return [...unique.values()].map((one) => ({ ...one, member: `${one.cell}-${one.host}` }));
  });

describe('the steps of a roll', () => {
  it('take cells that share no host together, and members of one cell apart', () => {
    const members = [member('p1-a', 'm1'), member('p1-b', 'm2'), member('p2-a', 'm3'), member('p2-b', 'm4')];
    expect(names(schedule(members, []))).toEqual([
      ['p1-a', 'p2-a'],
      ['p1-b', 'p2-b'],
    ]);
  });

  it('take one after the other what shares a host, also where it is the host of a member at rest', () => {
    const members = [member('p1-a', 'm1'), member('p1-b', 'm2'), member('p2-a', 'm3'), member('p2-b', 'm1')];
    expect(names(schedule(members, []))).toEqual([['p1-a'], ['p1-b'], ['p2-a'], ['p2-b']]);
  });

  it('go by rank before anything else', () => {
    const members = [member('p1-a', 'm1', 1), member('p1-b', 'm2'), member('p2-a', 'm3', 1), member('p2-b', 'm4')];
    expect(names(schedule(members, []))).toEqual([
      ['p1-b', 'p2-b'],
      ['p1-a', 'p2-a'],
    ]);
  });

  it('hold no more members than serial allows, the last number repeated', () => {
    const members = [1, 2, 3, 4, 5].map((n) => member(`p${n}-a`, `m${n}`));
    expect(schedule(members, [{ hosts: 1 }, { percent: 40 }]).map((step) => step.length)).toEqual([1, 2, 2]);
  });

  it('change every member once, one of a cell at a time, on one host once, whatever the order of the input', () => {
    fc.assert(
      fc.property(estates, fc.integer(), (members, turn) => {
        const steps = schedule(members, []);
        expect(steps.flat().length).toBe(members.length);
        expect(new Set(steps.flat())).toEqual(new Set(members));
        for (const step of steps) {
          const hosts = new Map<string, string>();
          for (const { cell } of step) {
            for (const { host } of members.filter((one) => one.cell === cell)) {
              expect(hosts.get(host) ?? cell).toBe(cell);
              hosts.set(host, cell);
            }
          }
          expect(new Set(step.map(({ cell }) => cell)).size).toBe(step.length);
        }
        const by = Math.abs(turn) % (members.length + 1);
        const turned = [...members.slice(by), ...members.slice(0, by)];
        expect(names(schedule(turned, []))).toEqual(names(steps));
        const ranks = steps.flat().map(({ rank }) => rank);
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      }),
    );
  });
});

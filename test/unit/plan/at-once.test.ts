import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inSteps, type Unplanned } from '../../../src/plan/at-once.ts';
import type { Moving } from '../../../src/resources/member.ts';

const moving = (member: string, host: string): Moving => {
  const cell = member.slice(0, member.indexOf('-'));
  return { member, cell, host, proof: [], together: [], coverage: [], others: [], atOnce: true };
};
const play = (name: string, hosts: readonly string[], withNext = false): Unplanned => ({
  name,
  batches: [hosts],
  resources: new Map(hosts.map((host) => [host, []])),
  withNext,
});
/** A step of the roll `R1`, say, that changes these members, each on the host it ends with. */
const step = (place: number, members: readonly string[], withNext = false): Unplanned => {
  const hosts = members.map((member) => member.slice(-1));
  const map = new Map(members.map((member, index) => [hosts[index]!, moving(member, hosts[index]!)]));
  const name = `R${place}: ${members.join(', ')}`;
  return { ...play(name, hosts, withNext), moving: map, drain: map as never, roll: { name: `R${place}`, place } };
};
const told = (plays: readonly Unplanned[], cells: readonly string[]) => {
  const all = plays.flatMap((one) => [...(one.moving?.values() ?? [])]);
  const lifeless = new Set(all.filter(({ cell }) => cells.includes(cell)));
  return inSteps(plays, lifeless).map(({ plays: some, first }) => {
    const names = some.map((one) =>
      [...(one.moving?.values() ?? [one.name])].map((it) => (typeof it === 'string' ? it : it.member)),
    );
    return `${first ? 'at once ' : ''}${names.flat().join(' ')}`;
  });
};

describe('members of cells of which nothing is there', () => {
  const estate = (withNext: boolean) => [
    play('Before', ['a', 'b']),
    step(1, ['am-a'], withNext),
    step(1, ['am-b'], withNext),
    play('Between', ['a', 'b'], withNext),
    step(2, ['s1-a', 's2-c'], withNext),
    step(2, ['s1-b', 's2-d'], withNext),
    play('After', ['a']),
  ];
  it.each([
    [
      'all, and nothing goes with the next',
      false,
      ['am', 's1', 's2'],
      ['Before', 'at once am-a am-b', 'Between', 'at once s1-a s2-c s1-b s2-d', 'After'],
    ],
    [
      'all, and they may',
      true,
      ['am', 's1', 's2'],
      ['Before', 'at once am-a am-b Between s1-a s2-c s1-b s2-d', 'After'],
    ],
    ['none', true, [], ['Before', 'am-a', 'am-b', 'Between', 's1-a s2-c', 's1-b s2-d', 'After']],
    [
      'one of two in a roll, which comes first',
      true,
      ['s2'],
      ['Before', 'am-a', 'am-b', 'at once Between s2-c s2-d', 's1-a', 's1-b', 'After'],
    ],
    [
      'the first roll alone',
      true,
      ['am'],
      ['Before', 'at once am-a am-b', 'Between', 's1-a s2-c', 's1-b s2-d', 'After'],
    ],
  ] as const)('are made at once: %s', (_, withNext, cells, steps) => {
    expect(told(estate(withNext), cells)).toEqual(steps);
  });

  it('are not drained', () => {
    const [one] = inSteps([step(1, ['am-a'])], new Set([...step(1, ['am-a']).moving!.values()]));
    expect(one!.first).toBe(false);
    const mine = step(1, ['am-a']);
    expect(inSteps([mine], new Set([mine.moving!.get('a')!]))[0]!.plays[0]!.drain!.size).toBe(0);
    expect(inSteps([mine], new Set())[0]!.plays[0]).toBe(mine);
  });

  it('change nothing but the order: everything is done once, the others in the order they had', () => {
    const plays = fc.array(fc.record({ kind: fc.constantFrom('plain', 'one', 'two'), withNext: fc.boolean() }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(plays, fc.subarray(['p', 'q', 'r', 's']), (list, cells) => {
        let place = 0;
        const all = list.map(({ kind, withNext }, index) => {
          if (kind === 'plain') return play(`plain ${index}`, ['a', 'b'], withNext);
          if (kind === 'one') place = index;
          return step(place, [`${'pqrs'[index % 4]}-${index}a`, `${'pqrs'[(index + 1) % 4]}-${index}b`], withNext);
        });
        const before = told(all, []).flatMap((one) => one.split(' '));
        const after = told(all, cells);
        expect(after.flatMap((one) => one.replace('at once ', '').split(' ')).sort()).toEqual([...before].sort());
        const isMade = (one: string) => cells.some((cell) => one.startsWith(`${cell}-`));
        const rest = after.filter((one) => !one.startsWith('at once ')).flatMap((one) => one.split(' '));
        expect(rest.filter(isMade)).toEqual([]);
        expect(rest.filter((one) => !isMade(one) && one.includes('-'))).toEqual(
          before.filter((one) => !isMade(one) && one.includes('-')),
        );
      }),
    );
  });
});

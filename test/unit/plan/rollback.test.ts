import { describe, expect, it } from 'vitest';
import type { Formerly, Generation } from '../../../src/plan/generation.ts';
import { formerlyAfter, rollbackPlays, rollbackTarget, rollbackWarnings } from '../../../src/plan/rollback.ts';
import type { Resource } from '../../../src/resources/resource.ts';

const entry = (id: string, former: Formerly['former']): Formerly => ({
  id,
  kind: 'file',
  task: 'Write it',
  become: true,
  noLog: false,
  notify: [],
  former,
});
const was = (id: string, value: string) => entry(id, { spec: value });
const run = (id: string, ...entries: readonly Formerly[]): Generation => ({ run: id, playbook: 'site.yml', entries });
const resource = (id: string): Resource => {
  const task = { name: id, at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
  return { host: 'a', kind: 'file', id, spec: 'now', task, become: true, notify: ['again'], noLog: false };
};

describe('a rollback', () => {
  const kept = [
    run('3', was('x', 'after 2'), was('z', 'after 2')),
    run('1', was('x', 'before')),
    run('2', was('x', 'after 1'), was('y', 'after 1')),
  ];

  it('takes of each thing what it was before the first run that is undone', () => {
    const specs = (to: string) =>
      formerlyAfter(kept, 'site.yml', to).map(({ id, former }) => [id, 'spec' in former && former.spec]);
    expect(specs('2')).toEqual([
      ['x', 'after 2'],
      ['z', 'after 2'],
    ]);
    expect(specs('1')).toEqual([
      ['x', 'after 1'],
      ['y', 'after 1'],
      ['z', 'after 2'],
    ]);
    expect(formerlyAfter(kept, 'other.yml', '1')).toEqual([]);
  });

  it('goes before the last run of any host, unless it is told another that is kept', () => {
    const hosts = new Map([
      ['a', kept],
      ['b', [run('2', was('x', 'b'))]],
    ]);
    expect(rollbackTarget(hosts, 'site.yml', undefined)).toMatchObject({ value: '2' });
    expect(rollbackTarget(hosts, 'site.yml', '1')).toMatchObject({ value: '1' });
    expect(rollbackTarget(hosts, 'site.yml', '9')).toMatchObject({
      faults: [{ code: 'unknown-run', mend: 'Kept are: 1, 2, 3.' }],
    });
    expect(rollbackTarget(hosts, 'other.yml', undefined)).toMatchObject({ faults: [{ code: 'nothing-kept' }] });
    const many = Array.from({ length: 10 }, (_, at) => run(`4${at}`, was('x', '')));
    expect(rollbackTarget(new Map([...hosts, ['c', many]]), 'site.yml', '1')).toMatchObject({
      faults: [{ code: 'run-too-old' }],
    });
  });

  it('puts back last things first, keeps gates, and takes in what is no longer declared', () => {
    const first = { name: 'one', resources: new Map([['a', [resource('x'), resource('y')]]]) };
    const second = { name: 'two', resources: new Map([['a', [resource('z'), resource('gate')]]]) };
    const former = new Map([
      ['a', [was('x', 'old x'), was('y', 'old y'), was('gone', 'old'), entry('z', { lost: 'why' })]],
    ]);
    const { plays, unplayed } = rollbackPlays([first, second], former, ({ id }) => id === 'gate', 'site.yml');
    expect(plays.map(({ resources }) => resources.get('a')!.map(({ id, spec, notify }) => [id, spec, notify]))).toEqual(
      [
        [
          ['y', 'old y', ['again']],
          ['x', 'old x', ['again']],
        ],
        [
          ['gone', 'old', []],
          ['gate', 'now', ['again']],
        ],
      ],
    );
    expect(unplayed).toEqual([]);
    expect(rollbackPlays([], former, () => false, 'site.yml').unplayed).toEqual(['a']);
  });

  it('puts a thing back through every task that has a part in it, each in its own way', () => {
    const play = { name: 'one', resources: new Map([['a', [resource('x early'), resource('x')]]]) };
    const back = (old: string) =>
      rollbackPlays(
        [play],
        new Map([['a', [was('x', old)]]]),
        () => false,
        'site.yml',
        ({ id }) =>
          id === 'x early' ? { of: 'x', to: (whole) => (whole === 'none' ? undefined : `early ${whole}`) } : undefined,
      )
        .plays[0]!.resources.get('a')!
        .map(({ id, spec }) => [id, spec]);
    expect(back('old x')).toEqual([
      ['x', 'old x'],
      ['x early', 'early old x'],
    ]);
    expect(back('none')).toEqual([['x', 'none']]);
  });

  it('says beforehand what stays and what does not come back exactly', () => {
    const former = new Map([
      ['a', [entry('p', { lost: 'why' }), entry('q', { spec: 1, except: 'this' }), was('x', '')]],
    ]);
    expect(rollbackWarnings(former)).toMatchObject([
      { code: 'not-put-back', host: 'a', what: 'p stays as it is.', why: 'why' },
      { code: 'not-exactly-back', what: 'q does not come back exactly.', why: 'this' },
    ]);
  });
});

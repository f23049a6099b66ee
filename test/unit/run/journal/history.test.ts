import { describe, expect, it } from 'vitest';
import { type Entry, parseJournal } from '../../../../src/run/journal/entries.ts';
import { mergeRuns } from '../../../../src/run/journal/history.ts';

const started = (run: string, time: string, items: readonly string[]): Entry => ({
  event: 'run-started',
  time,
  run,
  who: 'ann@desk',
  command: 'apply inventory/prod',
  playbook: 'playbooks/site.yml',
  digest: 'sha256:00',
  hosts: ['a', 'b'],
  items,
});
const step = (run: string, item: string, code = 0, last = true): Entry => ({
  event: 'step-ended',
  time: 't',
  run,
  item,
  step: 'write',
  last,
  code,
});
const ended = (run: string, outcome: 'done' | 'failed' | 'interrupted'): Entry => ({
  event: 'run-ended',
  time: 't',
  run,
  outcome,
});
const on = (entries: readonly Entry[], holder?: string) => ({ entries, holder });
const inShort = (hosts: Parameters<typeof mergeRuns>[0]) =>
  mergeRuns(hosts).map(({ run, hosts: names, done, planned, outcome }) => [run, names, done, planned, outcome]);

describe('the history of several hosts', () => {
  it.each([
    ['done everywhere', [started('r', '1', ['x']), step('r', 'x'), ended('r', 'done')], undefined, [1, 1, 'done']],
    ['failed', [started('r', '1', ['x']), step('r', 'x', 7), ended('r', 'failed')], undefined, [0, 1, 'failed']],
    ['interrupted', [started('r', '1', ['x']), ended('r', 'interrupted')], undefined, [0, 1, 'interrupted']],
    ['killed', [started('r', '1', ['x', 'y']), step('r', 'x')], undefined, [1, 2, 'unfinished']],
    ['at work', [started('r', '1', ['x', 'y']), step('r', 'x')], 'r', [1, 2, 'running']],
    ['killed while another works', [started('r', '1', ['x'])], 'other', [0, 1, 'unfinished']],
    ['half an item', [started('r', '1', ['x']), step('r', 'x', 0, false)], undefined, [0, 1, 'unfinished']],
    ['a beginning that was trimmed away', [step('r', 'x'), ended('r', 'done')], undefined, undefined],
  ] as const)('%s', (_name, entries, holder, expected) => {
    expect(inShort(new Map([['a', on(entries, holder)]]))).toEqual(expected ? [['r', ['a'], ...expected]] : []);
  });

  it('is one line per run, in the order of their beginnings, and as bad as its worst host', () => {
    const a = [started('one', '1', ['x']), step('one', 'x'), ended('one', 'done')];
    const b = [started('two', '3', ['y']), ended('two', 'failed'), started('one', '2', ['z']), ended('one', 'failed')];
    expect(
      inShort(
        new Map([
          ['b', on(b)],
          ['a', on(a)],
        ]),
      ),
    ).toEqual([
      ['one', ['b', 'a'], 1, 2, 'failed'],
      ['two', ['b'], 0, 1, 'failed'],
    ]);
  });
});

describe('a journal', () => {
  it('is read past lines that a crash cut off and lines that are none', () => {
    const whole = JSON.stringify(ended('r', 'done'));
    expect(parseJournal(`${whole.slice(0, 20)}\n\nnull\n7\n{"event":"step-ended"}\n${whole}\n`)).toEqual([
      ended('r', 'done'),
    ]);
  });
});

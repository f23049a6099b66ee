import { existsSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseGeneration } from '../../../src/plan/generation.ts';
import { parseJournal } from '../../../src/run/journal/entries.ts';
import { type CellPlay, type Cells, startCells, type Task } from '../../support/cells.ts';
import { noLocalHosts } from '../../support/local-transport.ts';

let cells: Cells;
beforeEach(async () => {
  cells = await startCells(() => {
    if (existsSync(cells.path('ill'))) cells.ill.add('/one-a');
    return ` a=${cells.read('on-a')} b=${cells.read('on-b')}`;
  });
});
afterEach(() => cells.close());

const file = (name: string, content: string, notify: readonly string[] = []): Task => ({
  kind: 'file',
  spec: { path: cells.path(name), content },
  notify,
});
const command = (run: string): Task => ({ kind: 'command', spec: { run, creates: '/never' } });

/** Files on both hosts, a member of the cell `one` on each, and a last play on `a`. */
function plays(content: string, last: readonly Task[], base: readonly Task[] = []): readonly CellPlay[] {
  const cell = { name: 'one', hosts: ['a', 'b'] };
  return [
    { name: 'Base', hosts: ['a', 'b'], tasks: [file('base-$host', content), ...base] },
    { name: 'Roll: one-a', hosts: ['a'], tasks: [file('on-a', content)], cell },
    { name: 'Roll: one-b', hosts: ['b'], tasks: [file('on-b', content)], cell },
    { name: 'Last', hosts: ['a'], tasks: last },
  ];
}
const unwinding = { rolling: { onFailure: 'unwind' as const } };
const contents = () => ['base-a', 'base-b', 'on-a', 'on-b'].map(cells.read);
const records = () => ['a', 'b'].map((host) => JSON.parse(cells.read(`${host}/state/owned.json`)!) as unknown);
const generations = (host: string) => readdirSync(cells.path(`${host}/state/generations`));
const undone = () =>
  cells.events.flatMap((one) => (one.type === 'undoing' ? [`${one.host}: ${one.finished ?? 'failed'}`] : []));

describe.skipIf(noLocalHosts !== undefined)(`unwind${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  it('undoes all that a failed run had finished, last first, and the hosts forget it', async () => {
    // What the second run removes, since it no longer declares it, has to come back too.
    await cells.run(plays('old', [file('last', 'old')], [file('gone-$host', 'old')]));
    const before = records();
    const report = await cells.run(plays('new', [file('last', 'new'), command('exit 7')]), unwinding);
    expect(report.outcome).toBe('failed');
    expect(undone()).toEqual([
      'a: failed',
      'b: Roll: one-b',
      'a: Roll: one-a',
      expect.stringMatching(/^[ab]: Base$/),
      expect.stringMatching(/^[ab]: Base$/),
    ]);
    expect(report.faults).toMatchObject([{ code: 'step-failed', host: 'a' }]);
    const state = report.faults[0]!.state!;
    expect(state).toContain('Undone with it, last first: b was put back to what it was: ');
    for (const name of ['last', 'on-a', 'on-b', 'base-a', 'base-b'])
      expect(state).toContain(`file:${cells.path(name)}`);
    expect(state).not.toContain('Not undone');
    expect([...contents(), cells.read('last')]).toEqual(['old', 'old', 'old', 'old', 'old']);
    expect([cells.read('gone-a'), cells.read('gone-b')]).toEqual(['old', 'old']);
    expect(records()).toEqual(before);
    // What no road leads back from is all that is kept of the run.
    expect([generations('a'), generations('b')]).toEqual([['0001.json', '0002.json'], ['0001.json']]);
    const kept = parseGeneration(cells.read('a/state/generations/0002.json')!);
    expect(kept?.entries.map(({ id }) => id)).toEqual(['command:exit 7']);
    for (const host of ['a', 'b']) {
      const journal = parseJournal(cells.read(`${host}/state/journal.jsonl`)!);
      expect(journal.at(-1)).toMatchObject({ event: 'run-ended', run: '0002', outcome: 'failed' });
    }
    const again = await cells.run(plays('old', [file('last', 'old')], [file('gone-$host', 'old')]));
    expect(again.outcome).toBe('planned');
  });

  it('proves the other member before one goes back, and that one after', async () => {
    await cells.run(plays('old', []));
    cells.asked.length = 0;
    await cells.run(plays('new', [command('exit 7')]), unwinding);
    const back = cells.asked.slice(cells.asked.lastIndexOf('/one-a/full a=new b=new'));
    expect(back).toContain('/one-b a=new b=old');
    expect(back).toContain('/one-b/full a=new b=old');
    expect(back.at(-1)).toBe('/one-a a=old b=old');
    expect(back.filter((one) => one.endsWith('a=old b=new'))).toEqual([]);
  });

  it('stops where another member is not well, and says what stays as it is', async () => {
    await cells.run(plays('old', []));
    const report = await cells.run(plays('new', [command(`touch ${cells.path('ill')}; exit 7`)]), unwinding);
    expect(report.faults).toMatchObject([
      { code: 'step-failed', host: 'a' },
      { code: 'peer-not-proved', host: 'a', what: 'one-b on b may not change: one-a on a is not proved well.' },
    ]);
    expect(report.faults[0]!.state).toContain('Not undone: a ("Base", "Roll: one-a"), b ("Base", "Roll: one-b").');
    expect(contents()).toEqual(['new', 'new', 'new', 'new']);
  });

  it('undoes nothing else when the failed host did not go back', async () => {
    await cells.run(plays('old', [file('last', 'old')]));
    const spoil = command(`rm ${cells.path('last')}; mkdir -p ${cells.path('last')}/x; exit 7`);
    const report = await cells.run(plays('new', [file('last', 'new'), spoil]), unwinding);
    expect(report.faults[0]!.state).toContain('Nothing else was undone, since a could not be put back.');
    expect(undone()).toEqual(['a: failed']);
    expect(contents()).toEqual(['new', 'new', 'new', 'new']);
  });

  it('drains once more what is in use again', async () => {
    const log = cells.path('log');
    const step = (content: string): CellPlay => ({
      name: 'Drained',
      hosts: ['b'],
      tasks: [file('on-b', content)],
      drain: { kind: 'command', spec: { run: `echo enter $(cat ${cells.path('on-b')}) >>${log}` }, notify: ['again'] },
      handler: { kind: 'command', spec: { run: `echo leave $(cat ${cells.path('on-b')}) >>${log}` } },
    });
    await cells.run([{ ...step('old'), name: 'Before', hosts: ['b'], tasks: [file('on-b', 'old')] }]);
    const fails: CellPlay = { name: 'Last', hosts: ['a'], tasks: [command('exit 7')] };
    await cells.run([step('new'), fails], unwinding);
    expect(cells.read('log')!.split('\n').slice(2)).toEqual(['enter old', 'leave new', 'enter new', 'leave old', '']);
    expect(existsSync(cells.path('b/state/generations/0002.json'))).toBe(false);
  });

  it('leaves finished plays as they are unless told otherwise', async () => {
    await cells.run(plays('old', []));
    await cells.run(plays('new', [command('exit 7')]));
    expect(contents()).toEqual(['new', 'new', 'new', 'new']);
  });
});

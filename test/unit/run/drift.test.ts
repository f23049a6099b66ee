import { appendFileSync, chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/diagnostics/diagnostic.ts';
import { driftText } from '../../../src/plan/drift.ts';
import { kinds } from '../../../src/resources/index.ts';
import { type CellPlay, type Cells, startCells, type Task } from '../../support/cells.ts';
import { noLocalHosts } from '../../support/local-transport.ts';

let cells: Cells;
beforeEach(async () => {
  cells = await startCells();
});
afterEach(() => cells.close());

const file = (name: string, content: string): Task => ({ kind: 'file', spec: { path: cells.path(name), content } });
const command = (run: string): Task => ({ kind: 'command', spec: { run, creates: '/never' } });
const play = (name: string, tasks: readonly Task[], hosts = ['a']): CellPlay => ({ name, hosts, tasks });
const drift = async (host = 'a') =>
  driftText([(await cells.drift(host)).drift], kinds, { diffs: false }).replaceAll(cells.path(''), '');
const quiet = (count: number) =>
  `No drift: ${count === 1 ? '1 resource on 1 host is as it was' : `${count} resources on 1 host are as they were`} last applied.`;
const record = () => cells.path('a/state/applied.json');

describe.skipIf(noLocalHosts !== undefined)(`drift${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  it('tells what was changed by hand, whatever is declared, until it is applied again', async () => {
    const wanted = [play('One', [file('x', 'a\n'), file('y', 'b'), file('z', 'c'), file('d', 'd')])];
    await cells.run(wanted);
    expect(await drift()).toBe(quiet(4));
    expect(statSync(record()).mode & 0o777).toBe(0o600);
    appendFileSync(cells.path('x'), 'more\n');
    chmodSync(cells.path('y'), 0o600);
    rmSync(cells.path('z'));
    rmSync(cells.path('d'));
    mkdirSync(cells.path('d'));
    expect(await drift()).toBe(`a
  file:/d is something else now  One 4
      /d is no regular file. A directory stands there, and hadeploy does not replace or follow it.
  file:/x was changed  One 1
      content: +1 lines since
  file:/y was changed  One 2
      mode: was 0644, is 0600 now
  file:/z is gone  One 3

Drift: 4 of 4 resources on 1 host are not as they were last applied.`);
    rmSync(cells.path('d'), { recursive: true });
    await cells.run(wanted);
    expect(await drift()).toBe(quiet(4));
  });

  it('goes by what was applied of a part, of a play that was done, and of what is declared no more', async () => {
    await cells.run([play('One', [file('x', 'a'), file('y', 'a')]), play('Two', [file('z', 'a')])]);
    await cells.run([play('One', [file('x', 'b')])], { part: true });
    expect(await drift()).toBe(quiet(3));
    await cells.run([play('One', [file('x', 'c'), file('y', 'c'), command('exit 7')]), play('Two', [file('z', 'c')])]);
    // All that the failed play had done was put back.
    expect(await drift()).toBe(quiet(3));
    await cells.run([play('One', [file('x', 'd')]), play('Two', [file('z', 'd'), command('exit 7')])]);
    expect(cells.read('x')).toBe('d');
    expect(await drift()).toBe(quiet(3));
    writeFileSync(cells.path('x'), 'a');
    expect(await drift()).toContain('content: was d, is a now');
    await cells.run([play('One', [file('x', 'e')])]);
    expect(await drift()).toBe(quiet(1));
  });

  it('goes by what a run was taken back to, by itself or by hand', async () => {
    const plays = (content: string, more: readonly Task[]) => [
      play('One', [file('x', content), ...more]),
      play('Two', [file('y', content)]),
    ];
    await cells.run(plays('old', []));
    await cells.run([...plays('new', [file('n', 'new')]), play('Three', [command('exit 7')])], {
      rolling: { onFailure: 'unwind' },
    });
    expect([cells.read('x'), cells.read('n')]).toEqual(['old', undefined]);
    expect(await drift()).toBe(quiet(2));
    const forth = plays('new', [file('n', 'new')]);
    await cells.run(forth);
    expect(await drift()).toBe(quiet(3));
    await cells.run(forth, { back: true });
    expect([cells.read('x'), cells.read('n')]).toEqual(['old', undefined]);
    expect(await drift()).toBe(quiet(2));
  });

  it('goes by what a run found as it should be, once that was agreed to, and forgets a change that was taken over', async () => {
    writeFileSync(cells.path('x'), 'mine');
    const wanted = [play('One', [file('x', 'mine')])];
    await cells.run(wanted, { confirm: async () => 'stop' });
    expect(cells.read('a/state/applied.json')).toBeUndefined();
    expect((await cells.run(wanted)).outcome).toBe('planned');
    expect(await drift()).toBe(quiet(1));
    writeFileSync(cells.path('x'), 'other');
    expect(await drift()).toContain('content: was mine, is other now');
    cells.hosts.get('a')!.conversations.length = 0;
    await cells.run([play('One', [file('x', 'other')])]);
    expect(await drift()).toBe(quiet(1));
    // Nothing was done that is to be told or undone, and the next run has nothing to note.
    expect(cells.read('a/state/journal.jsonl')).toBeUndefined();
    cells.hosts.get('a')!.conversations.length = 0;
    await cells.run([play('One', [file('x', 'other')])]);
    expect(cells.hosts.get('a')!.conversations.length).toBeLessThanOrEqual(2);
  });

  it('says of a host nobody changed that nothing is known, and of a damaged record that it is', async () => {
    expect((await cells.drift('b')).drift.items).toEqual([]);
    await cells.run([play('One', [file('x', 'a')])]);
    writeFileSync(record(), cells.read('a/state/applied.json')!.replace('"content":"a"', '"content":"b"'));
    await expect(cells.drift('a')).rejects.toThrow(Refusal);
    await cells.run([play('One', [file('x', 'b')])]);
    expect(await drift()).toBe(quiet(1));
  });
});

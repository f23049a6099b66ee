import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lines, sh } from '../../../../src/posix/script.ts';
import { parseJournal, type RunStarted } from '../../../../src/run/journal/entries.ts';
import { beginRun, endRun, endStep, unfinishedProbe } from '../../../../src/run/journal/scripts.ts';
import { parseUnfinished } from '../../../../src/run/journal/unfinished.ts';
import { localShells } from '../../../support/local-shells.ts';
import { localTransport, noLocalHosts } from '../../../support/local-transport.ts';

const started = (run: string): Omit<RunStarted, 'time'> => ({
  event: 'run-started',
  run,
  who: `o'hara "x"@desk`,
  command: 'apply \\n %s $HOME',
  playbook: 'p.yml',
  digest: 'sha256:00',
  hosts: ['a'],
  items: ['file:/ä "quoted"', 'command:echo "event":"run-started"'],
});
const step = (run: string, item: string) => endStep({ run, item, step: `write 'x' %d`, last: true }, sh`"$code"`);

describe.skipIf(noLocalHosts)(`the journal${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  describe.each(localShells())('with $name', (shell) => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'hadeploy-journal-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));
    const file = () => join(folder, 'a/state/journal.jsonl');
    async function run(...scripts: readonly Parameters<typeof lines>[0][number][]): Promise<string> {
      const { transport } = localTransport(folder, shell);
      const host = await transport.connect({ host: 'a', address: 'a' }, new AbortController().signal);
      const { stdout } = await host.exec(lines(scripts), { become: true, timeoutS: 60 });
      return stdout;
    }
    const journal = () => parseJournal(readFileSync(file(), 'utf8'));

    it('is written as it was meant, each run once, and read back', async () => {
      const [item, other] = started('one').items;
      await run(
        beginRun(started('one')),
        beginRun(started('one')),
        sh`code=3`,
        step('one', item!),
        step('one', other!),
      );
      const open = parseUnfinished(await run(unfinishedProbe));
      expect(open!.started).toMatchObject(started('one'));
      expect(open!.steps.map((one) => [one.item, one.step, one.code])).toEqual([
        [item, `write 'x' %d`, 3],
        [other, `write 'x' %d`, 3],
      ]);
      await run(endRun('one', 'done'), endRun('never-begun', 'done'));
      expect(await run(unfinishedProbe)).toBe('');
      expect(journal().map(({ event }) => event)).toEqual(['run-started', 'step-ended', 'step-ended', 'run-ended']);
      await run(beginRun(started('two')));
      expect(parseUnfinished(await run(unfinishedProbe))!.started.run).toBe('two');
    });

    it('is trimmed when a run begins, and never in the middle of a line', async () => {
      await run(sh`:`);
      const line = `${JSON.stringify({ event: 'run-ended', time: 't', run: 'old', outcome: 'done' })}\n`;
      writeFileSync(file(), line.repeat(5600) + line.slice(0, 10));
      await run(beginRun(started('new')));
      const kept = readFileSync(file(), 'utf8').trimEnd().split('\n');
      expect(kept.length).toBeGreaterThan(4990);
      expect(kept.length).toBeLessThan(5010);
      expect(journal().at(-1)).toMatchObject({ event: 'run-started', run: 'new' });
      expect(journal().length).toBe(kept.length - 1);
    });
  });
});

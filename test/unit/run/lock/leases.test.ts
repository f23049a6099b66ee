import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unwrap } from '../../../../src/diagnostics/diagnostic.ts';
import { sh } from '../../../../src/posix/script.ts';
import { fence } from '../../../../src/run/lock/lease-script.ts';
import { type Leases, takeLeases } from '../../../../src/run/lock/leases.ts';
import { lookAtLock } from '../../../../src/run/lock/look.ts';
import type { RunNote } from '../../../../src/run/lock/notes.ts';
import type { Connection, ExecResult } from '../../../../src/run/ports.ts';
import { stepsScript } from '../../../../src/run/step-script.ts';
import { localShells } from '../../../support/local-shells.ts';
import { localTransport, noLocalHosts } from '../../../support/local-transport.ts';

// Real processes on a busy machine: slow is not wrong.
vi.setConfig({ testTimeout: 60_000 });

const mark = () => 'mark-mark-mark-mark';
const note = (id: string): RunNote => ({
  id,
  who: `${id}@laptop`,
  command: `apply inventory/prod "${id}"`,
  since: '2026-11-22T01:30:00Z',
});
const root = { become: true, timeoutS: 60 };
const plain = (fault: { readonly code: string; readonly host?: string }) => [fault.code, fault.host];

describe.skipIf(noLocalHosts)(`the lock on hosts${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  describe.each(localShells())('with $name', ({ argv, path }) => {
    // busybox has no flock everywhere; hosts with it have that of util-linux.
    const shell = { argv, path: `${path}:/usr/bin` };
    let folder: string;
    let open: Leases[];
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'hadeploy-lock-'));
      open = [];
    });
    afterEach(async () => {
      for (const leases of open) await leases.release('done');
      rmSync(folder, { recursive: true, force: true });
    });
    const never = new AbortController().signal;
    const connect = (host: string): Promise<Connection> =>
      localTransport(folder, shell).transport.connect({ host, address: host }, never);
    async function take(run: string, ...hosts: readonly string[]) {
      const connections = await Promise.all(hosts.map(async (host) => [host, await connect(host)] as const));
      const leases = await takeLeases(note(run), new Map(connections), mark);
      if (leases.ok) open.push(leases.value);
      return leases;
    }
    const state = (host: string, name: string) => join(folder, host, 'state', name);
    const steps = (host: Connection, run: string, ...scripts: readonly ReturnType<typeof sh>[]): Promise<ExecResult> =>
      host.exec(
        stepsScript(
          scripts.map((script) => ({ do: 'run', what: 'step', script })),
          'mark',
          { ...fence(run), after: () => sh`:` },
        ),
        root,
      );

    it('belongs to one run, which others are told of, and is free after it', async () => {
      const first = unwrap(await take('one', 'a', 'b'));
      expect(await lookAtLock(await connect('a'), 'a', mark())).toEqual({ lease: note('one') });
      const second = await take('two', 'b', 'c', 'a');
      expect(second.ok || second.faults.map(plain)).toEqual([
        ['locked', 'a'],
        ['locked', 'b'],
      ]);
      expect(second.ok || second.faults[0]).toMatchObject({
        what: 'a is locked by one@laptop.',
        why: '"apply inventory/prod "one"" is at work there since 2026-11-22T01:30:00Z (run one).',
      });
      await first.release('done');
      expect(await lookAtLock(await connect('a'), 'a', mark())).toEqual({});
      expect((await take('two', 'b', 'c', 'a')).ok).toBe(true);
      expect(first.faults()).toEqual([]);
    });

    it('gives back what it has when one host is refused', async () => {
      unwrap(await take('one', 'b'));
      expect((await take('two', 'a', 'b')).ok).toBe(false);
      expect((await take('three', 'a')).ok).toBe(true);
    });

    it('is free at once when its process on the host is killed, and the run knows', async () => {
      const first = unwrap(await take('one', 'a'));
      const host = await connect('a');
      // The namespace's root shell that holds the file, whatever its children do.
      await host.exec(
        sh`for p in /proc/[0-9]*; do
  case $(readlink "$p/fd/9" 2>/dev/null) in *${folder}*|/var/lib/hadeploy/lease) tr '\0' ' ' <"$p/cmdline" | grep -q ${'apply inventory/prod'} && kill -9 "\${p#/proc/}";; esac
done`,
        root,
      );
      await new Promise<void>((resolve) => {
        if (first.lost.aborted) resolve();
        first.lost.addEventListener('abort', () => resolve());
      });
      expect(first.faults().map(plain)).toEqual([['lease-lost', 'a']]);
      expect((await take('two', 'a')).ok).toBe(true);
    });

    it('lets no step of a run begin that does not hold it any more', async () => {
      unwrap(await take('one', 'a'));
      const host = await connect('a');
      expect((await steps(host, 'one', sh`echo done`)).stdout).toContain('done\nmark 0\n');
      expect((await steps(host, 'other', sh`echo done`)).stdout).toMatch(/^mark pid \d+\nmark refused\n$/);
      // The lock goes over to another in the middle.
      const over = await steps(host, 'one', sh`echo other >/var/lib/hadeploy/lease`, sh`echo never`);
      expect(over.stdout).toMatch(/^mark pid \d+\n\nmark 0\nmark refused\n$/);
    });

    it('waits for the step at hand of a run that is gone', async () => {
      const first = unwrap(await take('one', 'a'));
      const host = await connect('a');
      const log = join(folder, 'log');
      const running = steps(
        host,
        'one',
        sh`echo begun >>${log}; sleep 2; echo ended >>${log}`,
        sh`echo never >>${log}`,
      );
      while (!readOrEmpty(log).includes('begun')) await new Promise((resolve) => setTimeout(resolve, 10));
      await first.release('done');
      unwrap(await take('two', 'a'));
      expect(readFileSync(log, 'utf8')).toBe('begun\nended\n');
      expect((await running).stdout).toContain('mark refused');
    });

    it('is refused while the host is frozen, and clears away a freeze that has run out', async () => {
      await connect('a');
      const freeze = (until: number) =>
        writeFileSync(
          state('a', 'freeze'),
          `${until}\n${JSON.stringify({ who: 'ann@desk', message: 'fair', since: 'now', until: 'then' })}\n`,
        );
      freeze(4_000_000_000);
      expect((await lookAtLock(await connect('a'), 'a', mark())).freeze).toMatchObject({ message: 'fair' });
      const frozen = await take('one', 'a');
      expect(frozen.ok || frozen.faults[0]).toMatchObject({
        code: 'frozen',
        what: 'a is frozen by ann@desk until then.',
        why: 'They said at now: fair',
      });
      freeze(1_000_000_000);
      expect(await lookAtLock(await connect('a'), 'a', mark())).toEqual({});
      expect((await take('one', 'a')).ok).toBe(true);
      expect(() => readFileSync(state('a', 'freeze'))).toThrow();
    });

    it('says so when it cannot be had', async () => {
      const bare = { argv: shell.argv, path: '/nowhere' };
      const host = await localTransport(folder, bare).transport.connect({ host: 'a', address: 'a' }, never);
      const refused = await takeLeases(note('one'), new Map([['a', host]]), mark);
      expect(refused.ok || refused.faults.map((fault) => fault.what)).toEqual(['There is no flock on a.']);
    });
  });
});

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type Script, sh } from '../../../src/posix/script.ts';
import { commandLine, killScript, killTarget, onStdin } from '../../../src/ssh/bootstrap.ts';

// Real processes on a busy machine: slow is not wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const mark = 'hd0123456789abcdef';
const folder = mkdtempSync(join(tmpdir(), 'hadeploy-boot-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isMissing = (program: string) => spawnSync(program, ['-c', 'exit 0']).error !== undefined;
/** A login shell is started by sshd as `SHELL -c LINE`. */
const logIn = (shell: string, script: Script, input = onStdin(script, mark)) =>
  spawnSync(shell, ['-c', commandLine('no', mark).text], { input, encoding: 'utf8' });

describe('commandLine', () => {
  for (const shell of ['sh', 'dash', 'bash', 'zsh', 'fish', 'tcsh', 'csh', 'ksh']) {
    const missing = isMissing(shell);
    it.skipIf(missing)(`suits the login shell ${shell}${missing ? ' (skipped: not installed)' : ''}`, () => {
      const run = logIn(shell, sh`echo "out"; echo err >&2; printf 'no newline'; exit 3`);
      expect(run.stdout).toBe(`${mark}.start \nout\nno newline${mark}.end 3\n`);
      expect(run.stderr).toMatch(new RegExp(`^${mark}\\.start \\d+ \\d+ \\d+\nerr\n${mark}\\.end 3\n$`));
      expect(run.status).toBe(3);
    });
  }

  const noBusybox = isMissing('busybox');
  it.skipIf(noBusybox)(`suits busybox as /bin/sh${noBusybox ? ' (skipped: not installed)' : ''}`, () => {
    const line = commandLine('no', mark).text.replace('/bin/sh', 'busybox sh');
    const run = spawnSync('sh', ['-c', line], { input: onStdin(sh`echo out; exit 3`, mark), encoding: 'utf8' });
    expect(run.stdout).toBe(`${mark}.start \nout\n${mark}.end 3\n`);
    expect(run.stderr).toMatch(/start \d+ \d+ \d+\n/);
  });

  it('runs nothing of a script that did not come whole', () => {
    const file = join(folder, 'half');
    const whole = onStdin(sh`touch ${file}`, mark);
    for (const cut of [whole.length - 1, whole.length - 10, 5]) {
      const run = logIn('sh', sh`:`, whole.slice(0, cut));
      expect(run.stdout).toContain(`${mark}.end 97`);
      expect(existsSync(file)).toBe(false);
    }
  });

  it('leaves nothing on stdin for a command to eat', () => {
    expect(logIn('sh', sh`cat; echo after`).stdout).toBe(`${mark}.start \nafter\n${mark}.end 0\n`);
  });

  it('tells the end even when the script says set -e, traps or kills itself', () => {
    expect(logIn('sh', sh`set -e; false; echo no`).stdout).toBe(`${mark}.start \n${mark}.end 1\n`);
    expect(logIn('sh', sh`trap 'echo bye' EXIT; exit 4`).stdout).toBe(`${mark}.start \nbye\n${mark}.end 4\n`);
    expect(logIn('sh', sh`sh -c 'kill -9 $$'`).stdout).toBe(`${mark}.start \n${mark}.end 137\n`);
  });

  it('takes a script of many megabytes', () => {
    const text = 'x'.repeat(8 << 20);
    const run = spawnSync('sh', ['-c', commandLine('no', mark).text], {
      input: onStdin(sh`printf %s ${text} | wc -c`, mark),
      encoding: 'utf8',
    });
    expect(run.stdout).toMatch(new RegExp(`\\b${8 << 20}\\n`));
  });

  it('is short and never carries the script or a password', () => {
    const line = commandLine('with-password', mark).text;
    expect(line.length).toBeLessThan(500);
    expect(line).not.toMatch(/[!\\\n]/);
  });
});

describe('killTarget', () => {
  it.each([
    ['own group', '50 50 40', '-50'],
    ['group of the sudo above', '50 40 40', '-40'],
    ['a group that may be a daemon', '50 30 40', '50'],
    ['no /proc', '50  40', '50'],
    ['nothing', '', undefined],
    ['never init', '1 1 1', undefined],
  ])('%s', (_name, payload, target) => {
    expect(killTarget(payload)).toBe(target);
  });
});

describe('killScript', () => {
  for (const shell of [['dash'], ['bash'], ['busybox', 'sh']]) {
    const missing = isMissing(shell[0]!);
    it.skipIf(missing)(
      `ends a group that ignores TERM, run by ${shell.join(' ')}${missing ? ' (skipped: not installed)' : ''}`,
      async () => {
        const script = join(folder, 'stubborn');
        writeFileSync(script, 'trap "" TERM; echo ready; while :; do sleep 60; done');
        const child = spawn('sh', [script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
        await once(child.stdout, 'data');
        const ended = once(child, 'exit');
        const run = spawnSync(shell[0]!, [...shell.slice(1), '-c', killScript(`-${child.pid}`).text], {
          encoding: 'utf8',
        });
        expect(run.stderr).toBe('');
        expect((await ended)[1]).toBe('SIGKILL');
      },
    );
  }
});

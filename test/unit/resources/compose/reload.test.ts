import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleOf } from '../../../../src/resources/compose/bundle.ts';
import { awaitLoaded, awaitProgress, reload } from '../../../../src/resources/compose/reload.ts';
import type { Step } from '../../../../src/resources/step.ts';
import { localShells, runHere } from '../../../support/local-shells.ts';

const loaded = { metrics: 'http://127.0.0.1:80/metrics', time: 'app_time_seconds', success: 'app_ok' };
const bundle = bundleOf({ project: 'app', path: '/opt/app', compose: 'services: {app: {image: x}}' });
const page = (time: string, ok: string) => `# HELP app_time_seconds When.
# TYPE app_time_seconds gauge
app_time_seconds_total 9e9
app_time_seconds{a="b c{}"} ${time}
app_ok ${ok}
`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hadeploy-reload-'));
  mkdirSync(join(folder, 'bin'));
  // Its container is a page that changes when the signal has come; its process is this folder's own `kill`.
  const docker = `#!/bin/sh
case "$1" in
ps) echo c1 ;;
inspect) echo 4242 ;;
exec) if [ "$3" = kill ]; then exit 1; elif [ -e ${folder}/signalled ]; then cat ${folder}/after; else cat ${folder}/before; fi ;;
logs) echo 'it says why' ;;
esac
`;
  writeFileSync(join(folder, 'bin/docker'), docker);
  chmodSync(join(folder, 'bin/docker'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(localShells().map((shell) => [shell.name, shell] as const))('a reload in %s', (_, shell) => {
  /** Runs a step where `kill` is a function: the shell's own would signal a real process. */
  function run(step: Step, before: string, after: string) {
    writeFileSync(join(folder, 'before'), before);
    writeFileSync(join(folder, 'after'), after);
    const script = step.do === 'run' ? step.script.text : '';
    const kill = `kill() { echo "$*" >${folder}/signalled; }\n`;
    return runHere({ ...shell, path: `${join(folder, 'bin')}:${shell.path}` }, { text: kill + script } as never);
  }

  it('is proved by a time that has risen and a success', () => {
    const ended = run(reload(bundle, 'app', 'HUP', loaded, 5), page('1.7e+09', '1'), page('1.700000001e+09', '1'));
    expect(ended).toMatchObject({ code: 0, stdout: '' });
  });

  it('is proved also when the load before had failed', () => {
    const ended = run(reload(bundle, 'app', 'HUP', loaded, 5), page('1.7e+09', '0'), page('1.700000001e+09', '1'));
    expect(ended.code).toBe(0);
  });

  it('fails at once, with the last words, when the process refuses', () => {
    const ended = run(reload(bundle, 'app', 'HUP', loaded, 60), page('1.7e+09', '1'), page('1.7e+09', '0'));
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(
      /it has not loaded its files: .* "1.7e\+09 1" before and are "1.7e\+09 0" now\nit says why/,
    );
  });

  it('fails when the time does not rise in time', () => {
    const ended = run(reload(bundle, 'app', 'HUP', loaded, 1), page('1.7e+09', '1'), page('1.7e+09', '1'));
    expect(ended.code).toBe(1);
  });

  it('sends the signal and asks nothing where the process cannot tell', () => {
    expect(run(reload(bundle, 'app', 'USR1', undefined, 5), '', '').code).toBe(0);
    expect(existsSync(join(folder, 'signalled'))).toBe(true);
  });

  it('after a start it waits for the first load', () => {
    expect(run(awaitLoaded(bundle, 'app', loaded, 5), page('1.7e+09', '1'), '').code).toBe(0);
    expect(run(awaitLoaded(bundle, 'app', loaded, 1), '', '').code).toBe(1);
    expect(existsSync(join(folder, 'signalled'))).toBe(false);
  });

  /** The code of a start that took too long (7), after its page said these things, healthy once all are said. */
  function started(said: readonly string[], thenHealthy: boolean) {
    const docker = `#!/bin/sh
n=$(cat ${folder}/asked 2>/dev/null || echo 0)
case "$1 $3" in
ps*) echo c1 ;;
*Health*) if [ "$n" -gt ${said.length} ]; then echo ${thenHealthy ? 'healthy' : 'starting'}; else echo starting; fi ;;
inspect*) echo '0 true' ;;
exec*) echo $((n + 1)) >${folder}/asked; sed -n "$((n < ${said.length} ? n + 1 : ${said.length}))p" ${folder}/said ;;
esac
`;
    writeFileSync(join(folder, 'bin/docker'), docker);
    writeFileSync(join(folder, 'said'), said.map((line) => `${line}\n`).join(''));
    const script = awaitProgress(bundle, 'app', 'http://127.0.0.1:80/progress', 1).text;
    const text = `sleep() { :; }\nnsenter() { return 1; }\nrc=7\n${script}\nexit "$rc"`;
    return runHere({ ...shell, path: `${join(folder, 'bin')}:${shell.path}` }, { text } as never).code;
  }

  it('a start that takes long is waited for while it makes progress, and no longer', () => {
    expect(started(['0 of 2', '1 of 2', '2 of 2'], true)).toBe(0);
    rmSync(join(folder, 'asked'));
    expect(started(['0 of 2', '1 of 2'], false)).toBe(7);
    rmSync(join(folder, 'asked'));
    expect(started([''], true)).toBe(7);
  });
});

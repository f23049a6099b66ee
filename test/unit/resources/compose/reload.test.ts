import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleOf } from '../../../../src/resources/compose/bundle.ts';
import { awaitLoaded, reload } from '../../../../src/resources/compose/reload.ts';
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
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sh } from '../../../src/posix/script.ts';
import { type StepsEvent, stepsReader, stepsScript } from '../../../src/run/step-script.ts';
import { localShells } from '../../support/local-shells.ts';

const folder = mkdtempSync(join(tmpdir(), 'hadeploy-steps-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(localShells())('a script of steps in $name', ({ name, argv, path }) => {
  it('names the shell that a SIGTERM stops after the step at hand, also in a subshell as over SSH', () => {
    const said = join(folder, name.replaceAll('/', '-'));
    const script = stepsScript(
      [
        { do: 'run', what: 'signal', script: sh`kill -TERM "$(sed -n 's/^mark pid //p' ${said})"; echo finished` },
        { do: 'run', what: 'never', script: sh`echo never` },
      ],
      'mark',
    );
    const [program, ...args] = argv;
    const outer = [...args, '-c', '(eval "$1") >"$2"; echo alive', 'sh', script.text, said];
    const { stdout } = spawnSync(program, outer, { encoding: 'utf8', env: { PATH: path } });
    const events: StepsEvent[] = [];
    readFileSync(said, 'utf8')
      .trimEnd()
      .split('\n')
      .forEach(stepsReader('mark', (event) => events.push(event)));
    expect(events).toEqual([{ pid: expect.any(Number) }, { ended: { code: 0, output: 'finished' } }]);
    expect(stdout).toBe('alive\n');
  });
});

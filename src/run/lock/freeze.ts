import { Refusal } from '../../diagnostics/diagnostic.ts';
import { lines, type Script, sh } from '../../posix/script.ts';
import { ask } from '../conversation.ts';
import type { Connection } from '../ports.ts';
import { stepScript } from '../step-script.ts';
import { type Freeze, hostFolder } from './notes.ts';

const path = `${hostFolder}/freeze`;

/** Puts a freeze on a host, in place of one that is there. */
export function freezeScript(freeze: Freeze): Script {
  const until = Math.ceil(Date.parse(freeze.until) / 1000);
  const content = `${until}\n${JSON.stringify(freeze)}\n`;
  return lines([
    sh`mkdir -p -m 0755 -- ${hostFolder}`,
    stepScript({ do: 'write', path, content, mode: '0644', owner: 'root:root' }),
  ]);
}

/** Ends a freeze. */
export const thawScript: Script = sh`rm -f -- ${path}`;

/** Runs one of them as root; a Refusal says what the host answered. */
export async function changeFreeze(connection: Connection, host: string, script: Script, mark: string): Promise<void> {
  const [answer] = await ask(connection, host, [script], { become: true, mark });
  if (answer!.code === 0) return;
  throw new Refusal([
    {
      code: 'freeze-failed',
      severity: 'error',
      host,
      what: `The freeze on ${host} could not be changed (exit code ${answer!.code}).`,
      ...(answer!.stderr.trim() !== '' && { output: answer!.stderr.trim() }),
      state: `${host} is as it was; other hosts may have changed. A second try is safe.`,
      mend: `See that ${hostFolder} there can be written and the disk is not full.`,
    },
  ]);
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab/lab.ts';
import { type Run, succeed } from './measure.ts';
import { record } from './record.ts';

/** The scripts of a dry run, in files, one for each host. */
export interface Floor {
  readonly bytes: number;
  /** Pipes them through `ssh` to all hosts at once, and starts Node once. */
  work(): Promise<Run>;
}

/** Records what hadeploy sends for an inventory. */
export async function floorOf(lab: Lab, inventory: string, folder: string): Promise<Floor> {
  const { scripts } = await record(inventory);
  const texts = new Map<string, string>();
  for (const { host, text } of scripts) texts.set(host, `${texts.get(host) ?? ''}${text}\n`);
  const lines = [...texts].map(([host, text]) => {
    const file = join(folder, `sent-to-${host}.sh`);
    writeFileSync(file, text);
    return `ssh -F '${lab.sshConfig}' -l deploy ${host} 'exec sudo -n sh' <'${file}' >/dev/null 2>&1 &`;
  });
  const script = [...lines, 'wait', 'node -e 0'].join('\n');
  return {
    bytes: [...texts.values()].reduce((sum, text) => sum + text.length, 0),
    work: () => succeed({ argv: ['sh', '-c', script] }),
  };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab/lab.ts';
import type { Span } from './recording.ts';

/** What each host wrote meanwhile, in a file each: who moved addresses, what Docker did, what the containers said. */
export async function keepLogs(lab: Lab, folder: string, { from, to }: Span): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const [since, until] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  const questions = {
    keepalived: `journalctl --no-pager -q -o short-iso-precise -u keepalived --since @${since} --until @${until}`,
    docker: `docker events --since ${since} --until ${until} --filter type=container --format '{{.TimeNano}} {{.Action}} {{.Actor.Attributes.name}}' | grep -v exec_`,
    containers: `for c in $(docker ps -a --format '{{.Names}}'); do echo "== $c"; docker logs -t --since ${since} $c 2>&1; done`,
  };
  for (const { name } of lab.hosts)
    for (const [question, script] of Object.entries(questions))
      writeFileSync(
        join(folder, `${name}-${question}.txt`),
        (await lab.exec(name, script, { timeout: 60_000 })).stdout,
      );
}

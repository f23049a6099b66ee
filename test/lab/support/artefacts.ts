import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Lab } from '../lab/lab.ts';
import type { Running } from './program.ts';

const kept = resolve(import.meta.dirname, '../../../dist/lab-artefacts');

/** What a host can say about a failed test. */
const questions: Readonly<Record<string, string>> = {
  journal: 'journalctl --no-pager -q -n 400',
  containers: 'docker ps -a --no-trunc; docker images --digests; docker network ls',
  logs: 'for c in $(docker ps -aq); do echo "== $c"; docker logs --tail 80 $c 2>&1; done',
  firewall: 'iptables-save; ip6tables-save',
  files: 'ls -lR --time-style=full-iso /opt/hadeploy /etc/docker /var/lib/hadeploy; cat /var/lib/hadeploy/owned.json',
};

/** Keeps the program's output and the hosts' logs of a failed test, and prints where and how the last run ended. */
export async function keepArtefacts(lab: Lab, test: string, runs: readonly Running[]): Promise<void> {
  const folder = join(kept, lab.name, test.replace(/[^a-z0-9]+/gi, '-').slice(0, 80));
  mkdirSync(folder, { recursive: true });
  for (const [index, run] of runs.entries()) {
    writeFileSync(join(folder, `run-${index + 1}.txt`), `$ hadeploy ${run.args.join(' ')}\n${run.said()}`);
  }
  await Promise.all(
    lab.hosts.flatMap(({ name }) =>
      Object.entries(questions).map(async ([question, script]) => {
        const said = await lab.exec(name, script, { timeout: 20_000 }).catch((error: Error) => ({
          stdout: '',
          stderr: error.message,
        }));
        writeFileSync(join(folder, `${name}-${question}.txt`), `${said.stdout}${said.stderr}`);
      }),
    ),
  );
  const last = runs.at(-1);
  const ending = last === undefined ? '' : `\n$ hadeploy ${last.args.join(' ')}\n${last.said().slice(-4000)}`;
  console.error(`Logs of "${test}" are in ${folder}${ending}`);
}

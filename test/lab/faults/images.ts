import type { Lab } from '../lab/lab.ts';
import { generations } from '../soak/estate.ts';

/** The programs of the estate, by the keys of `versions` in topology.yml. */
export type Program = 'prometheus' | 'alertmanager' | 'pushgateway';

const { old, new: fresh } = generations;

/** Two good versions of each program, older first, as the lab's registry has them. */
export const versions: Readonly<Record<Program, readonly [string, string]>> = {
  prometheus: [old.prometheus, fresh.prometheus],
  alertmanager: [old.alertmanager, fresh.alertmanager],
  pushgateway: [old.pushgateway, fresh.pushgateway],
};

/** Versions that pass every check, since their checkers are good: one ends at once, one starts and says nothing. */
export const broken = {
  crashing: { patch: 91, program: 'echo "panic: broken on purpose" >&2; exit 2' },
  silent: { patch: 92, program: 'trap "exit 0" TERM; while :; do sleep 0.2; done' },
} as const;

export type Flaw = keyof typeof broken;

/** The name of a version with a flaw. */
export const flawed = (program: Program, flaw: Flaw): string =>
  versions[program][1].replace(/\d+$/, String(broken[flaw].patch));

export const flaws = Object.keys(broken) as readonly Flaw[];

/** Makes a version with a flaw on all hosts: the newer image with another program in front. */
export async function makeFlawed(lab: Lab, program: Program, flaw: Flaw): Promise<void> {
  const entry = JSON.stringify(['/bin/sh', '-c', broken[flaw].program]);
  const image = flawed(program, flaw);
  const script = `docker image inspect ${image} >/dev/null 2>&1 && exit
id=$(docker create ${versions[program][1]}) && docker commit -c 'ENTRYPOINT ${entry}' "$id" ${image} && docker rm "$id"`;
  const made = await Promise.all(lab.hosts.map(({ name }) => lab.exec(name, script, { timeout: 120_000 })));
  for (const { code, stderr } of made) if (code !== 0) throw new Error(`${image} could not be made: ${stderr}`);
}

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, startBench } from '../estate/bench.ts';
import type { Outcome } from '../lab/command.ts';
import { ensureImages } from '../lab/images.ts';
import type { Lab } from '../lab/lab.ts';
import { down, up } from '../lab/life.ts';
import { ensureRegistry, stopRegistry } from '../lab/registry.ts';
import type { Cell } from '../soak/recording.ts';
import type { Member as Watched } from '../soak/watch.ts';
import { copyInventory } from '../support/inventory-copy.ts';
import { type Running, startProgram } from '../support/program.ts';
import { type Program, versions } from './images.ts';

/** A program of the estate, and the host it lives on. */
export interface Member extends Watched {
  readonly host: string;
}

/** An estate that is upgraded again and again, and what a fault can be done to. */
export interface Estate {
  readonly lab: Lab;
  readonly bench: Bench;
  readonly members: readonly Member[];
  /** Those that stand in for each other; the backup that tells nobody is none of them. */
  readonly cells: readonly Cell[];
  /** The shared address of the gateways. */
  readonly vip: string;
  /** Ends the registry that the hosts pull from; gives what brings it back. */
  stopRegistry(): Promise<() => Promise<void>>;
  /** Path of a file of the inventory. */
  file(name: string): string;
  /** Starts the program in a folder with the inventory and the playbooks. */
  start(args: readonly string[]): Running;
  run(args: readonly string[]): Promise<Outcome>;
  /** What a root shell on the host's console prints, trimmed; throws when the script fails. */
  on(host: string, script: string): Promise<string>;
  end(): Promise<void>;
}

/**
 * Brings up a new lab with the whole estate on three hosts, each with a disk that can be filled. What never comes true
 * is given up after so many seconds.
 */
export async function bringUp(lab: string, say: (line: string) => void, patienceS = 30): Promise<Estate> {
  await down(lab);
  const made = await up({ name: lab, hosts: 3, diskMb: 4096, say });
  const folder = mkdtempSync(join(tmpdir(), 'hadeploy-faults-'));
  writeInventory(made, join(folder, 'inventory'));
  writePlaybooks(join(folder, 'playbooks'), patienceS);
  const start = (args: readonly string[]) => startProgram(args, folder);
  const listed = JSON.parse((await start(['inventory', 'inventory', '--list']).ended).stdout);
  const { scrapers, pushgateways, federators, alertmanagers, vips } = Object.values<{ estate: Listed }>(
    listed._meta.hostvars,
  )[0]!.estate;
  const all = [...scrapers, ...pushgateways, ...federators, ...alertmanagers];
  const vip = vips[0]!;
  const bench = await startBench(made.bridgeAddress, [vip], []);
  const estate: Estate = {
    lab: made,
    bench,
    members: all,
    cells: [...new Set(all.map(({ cell }) => cell))].map((cell) => ({
      name: cell,
      members: all.filter((one) => one.cell === cell && one.notifier !== false).map((one) => one.name),
    })),
    vip: vip.address,
    async stopRegistry() {
      await stopRegistry(lab);
      return async () => ensureRegistry(lab, made.registry, await ensureImages(say));
    },
    file: (path) => join(folder, 'inventory', path),
    start,
    run: (args) => start(args).ended,
    async on(host, script) {
      const { code, stdout, stderr } = await made.exec(host, script, { timeout: 120_000 });
      if (code !== 0) throw new Error(`On ${host} this failed with code ${code}:\n${script}\n${stdout}${stderr}`);
      return stdout.trim();
    },
    async end() {
      bench.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  say('Deploying the estate');
  const first = await estate.run(['apply', 'inventory', '--yes']);
  if (first.code !== 0) throw new Error(`The estate could not be deployed:\n${first.stdout}${first.stderr}`);
  return estate;
}

type Listed = {
  readonly [kind in 'scrapers' | 'pushgateways' | 'federators' | 'alertmanagers']: readonly (Member & {
    readonly notifier?: boolean;
  })[];
} & { readonly vips: readonly { readonly address: string; readonly port: number }[] };

/** The inventory of two servers with a third one for the backup, and everything that takes time made quick. */
function writeInventory(lab: Lab, folder: string): void {
  copyInventory(lab, folder);
  const third = lab.hosts[2]!;
  edit(join(folder, 'hosts.yml'), (text) => `${text}    ${third.name}:\n      ansible_host: ${third.address}\n`);
  edit(join(folder, 'topology.yml'), (text) =>
    text
      .replace('notifiers: [mon-a, mon-b]', `notifiers: [mon-a, mon-b], backup: ${third.name}`)
      .replaceAll('interval: 5s', 'interval: 2s')
      .replace('push_period: 5s', 'push_period: 2s')
      .replace('coverage: 10s', 'coverage: 4s'),
  );
}

/** The shipped playbooks with less patience than their one to ten minutes; nothing else of them differs. */
function writePlaybooks(folder: string, patienceS: number): void {
  cpSync('playbooks', folder, { recursive: true });
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/(site|tasks\/main)\.yml$/.test(path)) continue;
    edit(join(folder, path), (text) =>
      text
        .replaceAll(/timeout: \d+$/gm, `timeout: ${patienceS}`)
        .replaceAll('coverage_seconds + 180', `coverage_seconds + ${patienceS}`)
        .replaceAll(/^( +)compose: \{template.*\}$(?![\s\S]*^ +timeout: \d)/gm, `$&\n$1timeout: ${patienceS}`),
    );
  }
}

export function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** The member of a name. */
export function memberOf({ members }: Estate, wanted: string): Member {
  return members.find((one) => one.name === wanted)!;
}

/** The good version of its program that a member has now, and the other one. */
export async function versionsOf(
  estate: Estate,
  program: Program,
  { host, name }: Member,
): Promise<readonly [string, string]> {
  const now = await estate.on(host, `docker inspect -f '{{.Config.Image}}' ${name}`);
  const [older, newer] = versions[program];
  return now === older ? [older, newer] : [newer, older];
}

/** The host that has the shared address. */
export async function holder({ lab, vip, on }: Estate): Promise<string | undefined> {
  const asked = lab.hosts.map(async (host) =>
    (await on(host.name, `ip -4 -o address show to ${vip}`)) === '' ? undefined : host.name,
  );
  return (await Promise.all(asked)).find((host) => host !== undefined);
}

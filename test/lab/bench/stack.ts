import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../lab/command.ts';
import type { Lab } from '../lab/lab.ts';
import { copyInventory } from '../support/inventory-copy.ts';
import { clearForDocker, clearHosts, dockerAlone } from './clear.ts';
import { floorOf } from './floor.ts';
import { alternate, type Candidate, type Command, succeed } from './measure.ts';
import { changesOf, forgetConnections, type Peers, play, writeInventory } from './peers.ts';
import type { Row } from './row.ts';

const playbook = 'bench/ansible/stack.yml';
const pages = { scraper1: 9090, federator1: 9095, pushgateway1: 9091, alertmanager1: 9093 };

/** What rows about the two-server stack go by. */
export interface Bench {
  readonly lab: Lab;
  readonly folder: string;
  readonly runs: number;
  readonly peers: Peers;
  readonly say: (line: string) => void;
  /** Whether a row was asked for. */
  readonly wants: (key: string) => boolean;
  /** Takes a sentence about what could not be measured. */
  readonly lacks: (why: string) => void;
}

/** Measures a row that was asked for; one that fails is told of, and the others go on. */
export async function row(
  { wants, say, lacks }: Pick<Bench, 'wants' | 'say' | 'lacks'>,
  rows: Row[],
  key: string,
  measure: () => Promise<Row>,
): Promise<void> {
  if (!wants(key)) return;
  try {
    rows.push(await measure());
  } catch (error) {
    say(String(error));
    lacks(`The row ${key} failed: ${String(error).split('\n').slice(0, 3).join(' ')}`);
  }
}

/** The rows about the two-server stack, on the first two hosts of a fresh lab. */
export async function stackRows(bench: Bench): Promise<readonly Row[]> {
  const { lab, folder, runs, peers, say } = bench;
  const inventory = join(folder, 'two-servers');
  copyInventory(lab, inventory);
  const apply = (...more: readonly string[]): Command => ({
    argv: [process.execPath, 'bin/hadeploy', 'apply', inventory, '--yes', ...more],
  });
  const bundles = join(folder, 'bundles');
  say('The two-server stack, deployed by hadeploy:');
  await succeed(apply());
  await keepFiles(lab, bundles);
  const hosts = ansibleInventory(bench, bundles);
  const by = (how: 'ansible' | 'mitogen', ...more: readonly string[]) => play(how, hosts, playbook, ...more);
  const others = (['ansible', 'mitogen'] as const).filter((how) => peers[how]);
  const ansible = (options: readonly string[], before: () => Promise<void> = async () => {}): readonly Candidate[] => {
    const candidate: Candidate = {
      name: 'ansible',
      before: async () => {
        await before();
        await forgetConnections();
      },
      work: () => succeed(by('ansible', ...options)),
    };
    return peers.ansible ? [candidate] : [];
  };
  // Ansible's own first run brings what differs to its liking: after it, everybody finds nothing to do.
  if (peers.ansible) await succeed(by('ansible'));
  const rows: Row[] = [];

  await row(bench, rows, 'noop', async () => {
    say('No-op apply of the two-server stack:');
    const floor = await floorOf(lab, inventory, folder);
    const measured = await alternate(
      [
        { name: 'hadeploy', work: () => succeed(apply()) },
        { name: 'floor', work: floor.work },
        ...others.map((how): Candidate => ({ name: how, before: forgetConnections, work: () => succeed(by(how)) })),
      ],
      runs,
      say,
    );
    const idle = measured.filter(({ name }) => name === 'ansible' || name === 'mitogen');
    return {
      key: 'noop',
      work: 'no-op apply of the two-server stack, 2 hosts',
      measured,
      goals: [
        { than: 'ansible', atLeast: 15 },
        { than: 'mitogen', atLeast: 7 },
        { than: 'floor', atMost: 1.6 },
      ],
      others: [],
      notes: [
        `${floor.bytes} bytes of script to both hosts.`,
        ...idle.map((one) => `${one.name} said changed=${changesOf(one.runs.at(-1)?.text ?? '')}.`),
      ],
    };
  });

  const rule = ruleFile(inventory, bundles, lab);
  await row(bench, rows, 'dry-run', async () => {
    say('Dry run with diff, a rule file changed:');
    rule.change();
    const measured = await alternate(
      [
        {
          name: 'hadeploy',
          work: () => succeed({ argv: [process.execPath, 'bin/hadeploy', 'plan', inventory, '--diff'] }),
        },
        ...ansible(['--check', '--diff']),
      ],
      runs,
      say,
    );
    const made = peers.ansible ? changesOf((await succeed(by('ansible'))).text) : 0;
    const said = measured.find(({ name }) => name === 'ansible')?.runs.at(-1)?.text ?? '';
    return {
      key: 'dry-run',
      work: 'dry run with diff, one changed rule file',
      measured,
      goals: [{ than: 'ansible', atLeast: 15 }],
      others: [],
      notes: peers.ansible ? [`Ansible's --check foretold ${changesOf(said)} changes; its run made ${made}.`] : [],
    };
  });

  await row(bench, rows, 'rule', async () => {
    say('One changed rule file:');
    const measured = await alternate(
      [
        { name: 'hadeploy', before: async () => rule.change(), work: () => succeed(apply()) },
        ...ansible([], async () => rule.change()),
      ],
      runs,
      say,
    );
    return {
      key: 'rule',
      work: 'one changed rule file',
      measured,
      goals: [{ than: 'ansible', atLeast: 10 }],
      others: [],
      notes: ['hadeploy changes one federator after the other, each only while the other is proved well.'],
    };
  });

  await row(bench, rows, 'first', async () => {
    say('First apply on prepared hosts:');
    const clear = () => clearHosts(lab);
    const measured = await alternate(
      [
        { name: 'hadeploy', before: clear, work: () => succeed(apply()) },
        { name: 'docker', before: () => clearForDocker(lab, bundles), work: () => dockerAlone(lab) },
        ...ansible([], clear),
      ],
      Math.min(runs, 3),
      say,
      false,
    );
    return {
      key: 'first',
      work: 'first apply on prepared hosts (Docker and images there)',
      measured,
      goals: [{ than: 'ansible', atLeast: 2 }],
      others: [],
      notes: ['docker: `docker compose up --detach --wait` of the four projects alone, on both hosts at once.'],
    };
  });
  return rows;
}

const named = (host: string) => host.replace(/^mon-/, '');

function ansibleInventory({ lab, folder }: Bench, bundles: string): string {
  const hosts = lab.hosts.slice(0, 2).map(({ name, address }) => {
    const projects = Object.entries(pages).map(([cell, port]) => ({
      name: `${cell}-${named(name)}`,
      port,
      reloads: cell !== 'pushgateway1',
    }));
    return [name, { ansible_host: address, bundles, projects }];
  });
  const { privateKey, knownHosts } = lab;
  return writeInventory({ folder, privateKey, knownHosts, hosts: Object.fromEntries(hosts) }, 'two-servers-ansible');
}

/** Fetches what hadeploy made on the first two hosts, for others to deploy. */
async function keepFiles(lab: Lab, folder: string): Promise<void> {
  const units = 'hadeploy-chain-*.service hadeploy-vip-report.service keepalived.service.d';
  const fetch = `mkdir -p "$3/opt" "$3/etc" "$3/units"
ssh -F "$1" "$2" 'cd /opt/hadeploy && tar -c --exclude .hadeploy.json --exclude secrets .' | tar -x -C "$3/opt"
ssh -F "$1" "$2" 'cd /etc && tar -c --exclude keepalived/state docker/daemon.json keepalived hadeploy' | tar -x -C "$3/etc"
ssh -F "$1" "$2" 'cd /etc/systemd/system && tar -c ${units}' | tar -x -C "$3/units"`;
  for (const { name } of lab.hosts.slice(0, 2)) {
    const mine = join(folder, name);
    mkdirSync(mine, { recursive: true });
    await must('sh', ['-euc', fetch, 'sh', lab.sshConfig, name, mine]);
  }
}

/** The rule file of the inventory and, for others, of the bundles: each change gives it other bytes. */
function ruleFile(inventory: string, bundles: string, lab: Lab) {
  const own = join(inventory, 'rules/availability.yml');
  const text = readFileSync(own, 'utf8');
  let count = 0;
  return {
    change() {
      count += 1;
      const changed = `${text}# ${count}\n`;
      writeFileSync(own, changed);
      for (const { name } of lab.hosts.slice(0, 2)) {
        writeFileSync(join(bundles, name, `opt/federator1-${named(name)}/config/rules/availability.yml`), changed);
      }
    },
  };
}

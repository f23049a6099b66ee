import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Delay, delayTo } from './delay.ts';
import { alternate, type Candidate, type Command, runOnce, succeed } from './measure.ts';
import { forgetConnections, play, writeInventory } from './peers.ts';
import type { Row } from './row.ts';
import { type Bench, row } from './stack.ts';
import { roundTripsWaited } from './waited.ts';

const many = 100;
const atOnce = 50;
const roundTripMs = 100;

/** A host as those who connect see it. */
interface Door {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** The rows about a hundred hosts with eight resources each, which are all there: addresses of the lab's last host. */
export async function hundredRows(bench: Bench): Promise<readonly Row[]> {
  const { lab, say } = bench;
  const host = lab.hosts.at(-1)!;
  const network = lab.bridgeAddress.replace(/\d+$/, '');
  const doors = Array.from({ length: many }, (_, index) => {
    return { name: `h${String(index + 1).padStart(3, '0')}`, address: `${network}${101 + index}`, port: 22 };
  });
  await ready(bench, host.name, doors);
  const hostKey = keyOf(readFileSync(lab.knownHosts, 'utf8'), host.address);
  const rows: Row[] = [];
  await row(bench, rows, 'hundred', () => {
    say(`${many} hosts × 8 resources, no-op:`);
    return rowOf(bench, 'hundred', doors, hostKey, undefined);
  });
  await row(bench, rows, 'delayed', async () => {
    say(`The same at ${roundTripMs} ms round trip:`);
    const delay = await delayTo(doors, '127.0.0.1', roundTripMs);
    const far = doors.map((door, index) => ({ ...door, address: '127.0.0.1', port: delay.ports[index]! }));
    try {
      return await rowOf(bench, 'delayed', far, hostKey, delay);
    } finally {
      delay.close();
    }
  });
  return rows;
}

async function rowOf(
  bench: Bench,
  key: string,
  doors: readonly Door[],
  hostKey: string,
  delay: Delay | undefined,
): Promise<Row> {
  const { lab, runs, peers, say } = bench;
  const folder = join(bench.folder, key);
  const places = placesFor(folder, doors, hostKey, lab.privateKey);
  const own = ownCommand(places);
  const ssh: Command = {
    argv: ['xargs', '-P', String(atOnce), '-L', '1', ...sshWords(places, lab.privateKey)],
    input: doors.map(({ address, port }) => `-p ${port} ${address} true\n`).join(''),
  };
  const hosts = Object.fromEntries(
    doors.map(({ name, address, port }) => [name, { ansible_host: address, ansible_port: port }]),
  );
  const { knownHosts } = places;
  const theirs = writeInventory({ folder, privateKey: lab.privateKey, knownHosts, hosts }, 'ansible');
  // Ansible takes minutes here.
  const others = (['ansible', 'mitogen'] as const).filter((how) => peers[how]);
  const measured = await alternate(
    [
      { name: 'hadeploy', work: () => succeed(own) },
      { name: 'ssh', work: () => succeed(ssh) },
      ...others.map(
        (how): Candidate => ({
          name: how,
          most: how === 'ansible' || delay ? 1 : 2,
          before: forgetConnections,
          work: () => succeed(play(how, theirs, 'bench/ansible/hundred.yml')),
        }),
      ),
    ],
    runs,
    say,
  );
  delay?.traffic();
  const megabytes = (await memoryOf(own, folder)) / 1024;
  const traffic = delay?.traffic();
  const waited = delay && (await waitedFor(bench, hostKey));
  const further = [
    { what: `${megabytes.toFixed(0)} MB (≤ 250 MB)`, met: megabytes <= 250 },
    ...(waited ? [{ what: `${waited.own.toFixed(1)} round trips a host in all (≤ 8)`, met: waited.own <= 8 }] : []),
  ];
  const far = delay ? `, ${roundTripMs} ms round trip` : '';
  return {
    key,
    work: `${many} hosts × 8 resources, no-op, ${atOnce} at once${far}`,
    measured,
    goals: [
      { than: 'ansible', atLeast: 30 },
      { than: 'mitogen', atLeast: 10 },
      { than: 'ssh', atMost: 2 },
    ],
    others: further,
    notes:
      traffic && waited
        ? [
            `${Math.round(traffic.bytes / traffic.connections)} bytes a host, both ways.`,
            `hadeploy spoke ${traffic.turns} times after it had heard something, or to connect, farewells and all; it waited for ${waited.own.toFixed(1)} round trips, bare ssh for ${waited.ssh.toFixed(1)}.`,
          ]
        : [],
  };
}

/** The round trips that hadeploy and bare ssh wait for with one host. */
async function waitedFor(bench: Bench, hostKey: string): Promise<{ readonly own: number; readonly ssh: number }> {
  const { lab, runs, say } = bench;
  const { address } = lab.hosts.at(-1)!;
  const placesAt = (port: number) => {
    const door = { name: 'h001', address: '127.0.0.1', port };
    return placesFor(join(bench.folder, `waited-${port}`), [door], hostKey, lab.privateKey);
  };
  const times = Math.min(runs, 5);
  const own = await roundTripsWaited({ address, port: 22 }, (port) => ownCommand(placesAt(port)), times);
  const sshTo = (port: number): Command => {
    return { argv: [...sshWords(placesAt(port), lab.privateKey), '-p', String(port), '127.0.0.1', 'true'] };
  };
  const ssh = await roundTripsWaited({ address, port: 22 }, sshTo, times);
  say(`  waited for: hadeploy ${own.toFixed(1)} round trips, ssh ${ssh.toFixed(1)}`);
  return { own, ssh };
}

/** Where the things of a run lie. */
interface Places {
  readonly inventory: string;
  readonly knownHosts: string;
}

function placesFor(folder: string, doors: readonly Door[], hostKey: string, privateKey: string): Places {
  rmSync(folder, { recursive: true, force: true });
  const inventory = join(folder, 'inventory');
  mkdirSync(inventory, { recursive: true });
  const knownHosts = join(folder, 'known_hosts');
  const nameOf = ({ address, port }: Door) => (port === 22 ? address : `[${address}]:${port}`);
  writeFileSync(knownHosts, doors.map((door) => `${nameOf(door)} ${hostKey}\n`).join(''));
  writeInventoryOfOurs(join(inventory, 'hosts.yml'), doors, { privateKey, knownHosts });
  return { inventory, knownHosts };
}

function ownCommand({ inventory }: Places): Command {
  const how = ['-p', 'bench/hundred.yml', '--tags', 'bench', '--yes', '--forks', String(atOnce), '--detailed-exitcode'];
  return { argv: [process.execPath, 'bin/hadeploy', 'apply', inventory, ...how] };
}

function sshWords({ knownHosts }: Places, privateKey: string): [string, ...string[]] {
  const options = [`UserKnownHostsFile=${knownHosts}`, 'KexAlgorithms=curve25519-sha256', 'BatchMode=yes'];
  return ['ssh', '-F', '/dev/null', '-i', privateKey, '-l', 'deploy', ...options.flatMap((option) => ['-o', option])];
}

/** Gives the host a hundred addresses and all that the plays want of each name. */
async function ready({ lab }: Bench, host: string, doors: readonly Door[]): Promise<void> {
  const each = doors.map(({ name, address }) => `ip address replace ${address}/32 dev eth0; make ${name}`).join('\n');
  const { code, stderr } = await lab.exec(
    host,
    `printf 'MaxStartups 500\\n' >/etc/ssh/sshd_config.d/bench.conf && systemctl reload ssh && systemctl enable --now docker || exit
make() {
  mkdir -p "/srv/bench/$1/etc"
  for one in one two three four five; do echo "$one of $1" >"/srv/bench/$1/etc/$one"; done
}
${each}`,
    { timeout: 120_000 },
  );
  if (code !== 0) throw new Error(`${host} could not be readied: ${stderr}`);
}

function writeInventoryOfOurs(
  path: string,
  doors: readonly Door[],
  how: { readonly privateKey: string; readonly knownHosts: string },
): void {
  const lines = doors.map(
    ({ name, address, port }) => `    ${name}: {ansible_host: ${address}, ansible_port: ${port}}`,
  );
  const vars = `ansible_user: deploy, ansible_ssh_private_key_file: ${how.privateKey}, known_hosts_file: ${how.knownHosts}`;
  writeFileSync(path, `all:\n  vars: {${vars}}\n  hosts:\n${lines.join('\n')}\n`);
}

function keyOf(knownHosts: string, address: string): string {
  const line = knownHosts.split('\n').find((one) => one.includes(address) && one.includes('ssh-ed25519'));
  return /ssh-ed25519 \S+/.exec(line ?? '')![0];
}

/** The most memory that a command of Node's had, in KiB. */
async function memoryOf(command: Command, folder: string): Promise<number> {
  const told = join(folder, 'memory');
  const teller = join(folder, 'memory.cjs');
  const text = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(told)}, String(process.resourceUsage().maxRSS)));`;
  writeFileSync(teller, text);
  await runOnce({ ...command, env: { NODE_OPTIONS: `--require ${teller}` } });
  return Number(readFileSync(told, 'utf8'));
}

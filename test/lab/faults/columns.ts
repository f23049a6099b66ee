import { readFileSync, writeFileSync } from 'node:fs';
import type { Running } from '../support/program.ts';
import { type Estate, edit, type Member } from './estate.ts';
import { type Flaw, flawed, makeFlawed } from './images.ts';
import type { Row } from './rows.ts';

/** The run that something is done to. */
export interface Scene {
  readonly estate: Estate;
  readonly row: Row;
  readonly member: Member;
  /** The good version that is rolled out. */
  readonly image: string;
  /** Absent before it. */
  readonly run?: Running;
  /** Starts the command, once more. */
  again(): Running;
}

/** What ends a fault; rejects with what was wrong with it. */
export type Heal = () => Promise<void>;

/** A fault, when it comes, and how a run ends in which it comes. */
export interface Column {
  readonly name: string;
  /** Before the run; once the step is told, before anything is done in it; or in its middle. */
  readonly when: 'before' | 'told' | 'middle';
  /** The version that is rolled out has this flaw. */
  readonly flaw?: Flaw;
  /** Nothing but the configuration changes. */
  readonly sameVersion?: true;
  /** What its command has besides; it is about the whole cell then. */
  readonly options?: readonly string[];
  /** Why this fault is none in that row. */
  pointless?(row: Row): string | undefined;
  inject?(scene: Scene): Promise<Heal>;
  /** Its exit code. */
  readonly codes: readonly number[];
  /** What it says unless its code is 0, each of them. */
  readonly says: readonly RegExp[];
  /** What the run after it says. */
  readonly next?: RegExp;
}

const nothing: Heal = async () => {};
const put = /was put back to what it was|is as it was/;

/** Lets nothing pass between a host and an address, or again. */
const apart = (address: string, does: 'I' | 'D') =>
  `iptables -t raw -${does} PREROUTING -s ${address} -j DROP && iptables -t mangle -${does} POSTROUTING -d ${address} -j DROP`;

export const columns: readonly Column[] = [
  {
    name: 'kill -9',
    when: 'middle',
    async inject({ run }) {
      run?.signal('SIGKILL');
      return nothing;
    },
    codes: [137],
    says: [],
    next: /warning unfinished-run/,
  },
  {
    name: 'SSH cut',
    when: 'middle',
    async inject({ estate, member }) {
      const own = estate.lab.bridgeAddress;
      const script = (does: string) =>
        `iptables -t raw -${does} PREROUTING -p tcp --dport 22 -s ${own} -j DROP && iptables -t mangle -${does} POSTROUTING -p tcp --sport 22 -d ${own} -j DROP`;
      await estate.on(member.host, script('I'));
      return async () => void (await estate.on(member.host, script('D')));
    },
    codes: [1],
    says: [/error (lease-lost|connection-lost)/],
    // Until the host has noticed the cut, it says that the run is at work there.
    next: /warning (unfinished-run|locked)/,
  },
  {
    name: 'host rebooted',
    when: 'middle',
    async inject({ estate, member }) {
      await estate.lab.crash(member.host);
      await estate.lab.boot(member.host);
      return nothing;
    },
    codes: [1],
    says: [/error (lease-lost|connection-lost)/],
    next: /warning unfinished-run/,
  },
  {
    name: 'disk full',
    when: 'told',
    async inject({ estate, member }) {
      // What is left after the first is taken block by block.
      const fill = `cd /var/lib/docker && fallocate -l "$(df --output=avail -B1 . | tail -n 1)" full 2>/dev/null; dd if=/dev/zero of=fuller bs=4k 2>/dev/null; df --output=avail . | tail -n 1`;
      await estate.on(member.host, fill);
      return async () => void (await estate.on(member.host, 'rm -f /var/lib/docker/full /var/lib/docker/fuller'));
    },
    codes: [1],
    says: [/[Nn]o space left on/],
  },
  {
    name: 'registry gone',
    when: 'before',
    pointless: (row) => (row.deed === 'pull' ? undefined : 'all images were pulled before'),
    async inject({ estate }) {
      return estate.stopRegistry();
    },
    codes: [1],
    says: [/error step-failed/, /pull/],
  },
  {
    name: 'version crashes',
    when: 'before',
    flaw: 'crashing',
    pointless: (row) => (row.deed === 'change' ? undefined : 'the version does not run yet'),
    codes: [1],
    says: [/error step-failed/, /broken on purpose/, put, /is well\./],
  },
  {
    name: 'never ready',
    when: 'before',
    flaw: 'silent',
    pointless: (row) => (row.deed === 'change' ? undefined : 'the version does not run yet'),
    codes: [1],
    says: [/error (step-failed|member-not-well)/, put, /is well\./],
  },
  {
    name: 'config refused',
    when: 'before',
    sameVersion: true,
    pointless: (row) => (row.deed === 'change' ? unrefusable(row) : 'no configuration is read in it'),
    inject: ({ estate, row }) =>
      row.tag === 'alertmanager' ? refusedByAlertmanager(estate) : refusedByScraper(estate),
    codes: [1],
    says: [/error step-failed/, put, /is well\./],
  },
  {
    name: 'second hadeploy',
    when: 'told',
    async inject({ again }) {
      const { code, stderr } = await again().ended;
      return async () => {
        // One that is slow to start comes when all is done.
        if (code !== 0 && (code !== 1 || !/error locked .* is locked by \S+@\S+\./.test(stderr)))
          throw new Error(`The second one ended with ${code}: ${stderr.slice(-1500)}`);
      };
    },
    codes: [0],
    says: [],
  },
  {
    name: 'docker restarted',
    when: 'middle',
    async inject({ estate, member }) {
      await estate.on(member.host, 'systemctl restart docker');
      return nothing;
    },
    codes: [0, 1],
    says: [/error (step-failed|gate-timeout|member-not-well|not-converged)/, put],
  },
  {
    name: 'pair cut',
    when: 'middle',
    pointless: (row) => (row.deed === 'pull' ? 'hosts do not talk with each other for it' : undefined),
    async inject({ estate, member, run }) {
      const peers = estate.members.filter((one) => one.cell === member.cell && one.host !== member.host);
      const cuts = peers.map(({ address }) => address);
      for (const address of cuts) await estate.on(member.host, apart(address, 'I'));
      // A put back member is proved as well, and that need not be waited for in vain.
      await run?.says(/put back \.\.\./).catch(() => {});
      for (const address of cuts) await estate.on(member.host, apart(address, 'D'));
      return nothing;
    },
    codes: [1],
    says: [/error (member-not-well|gate-timeout|step-failed|peer-not-proved)/],
  },
  {
    name: 'unwind',
    when: 'before',
    options: ['--on-failure', 'unwind'],
    pointless: (row) =>
      row.deed === 'change' && row.last && row.name !== 'backup' ? undefined : 'nothing was finished before it',
    inject: swapImage,
    codes: [1],
    says: [/error step-failed/, /broken on purpose/, put, /Undone with it, last first: mon-. was put back/],
  },
  {
    name: 'host left out',
    when: 'before',
    options: ['--skip-unreachable'],
    pointless: (row) => (row.deed === 'change' ? undefined : 'it is known before the run begins'),
    async inject({ estate, member }) {
      const peer = estate.members.find((one) => one.cell === member.cell && one.host !== member.host)!;
      await estate.lab.partition(peer.host);
      return () => estate.lab.heal(peer.host);
    },
    codes: [1],
    says: [/warning host-left-out/, /warning cell-blocked/],
  },
];

/** The version that the first of a cell got in good order is another one on the host of the last. */
async function swapImage({ estate: { lab, on }, row, member, image }: Scene): Promise<Heal> {
  await makeFlawed(lab, row.program, 'crashing');
  await on(member.host, `docker tag ${flawed(row.program, 'crashing')} ${image}`);
  return async () => void (await on(member.host, `docker rmi -f ${image} && docker pull -q ${image}`));
}

function unrefusable({ tag, name }: Row): string | undefined {
  if (name === 'backup') return 'its configuration is a shipped one';
  if (tag === 'pushgateway') return 'a gateway has no configuration';
  return tag === 'federator' ? 'promtool reads all that it reads' : undefined;
}

/** amtool does not look for the certificate. */
async function refusedByAlertmanager({ file }: Estate): Promise<Heal> {
  const path = file('alertmanager.yml');
  const before = readFileSync(path, 'utf8');
  edit(path, (text) =>
    text.replace(/send_resolved: false/, '$&, http_config: {tls_config: {ca_file: /etc/alertmanager/gone.pem}}'),
  );
  return async () => writeFileSync(path, before);
}

/** promtool does not look into the certificate of a store. */
async function refusedByScraper({ file, on }: Estate): Promise<Heal> {
  for (const host of ['mon-a', 'mon-b'])
    await on(
      host,
      'echo garbled >/opt/hadeploy/secrets/ca.pem; chown 65534 /opt/hadeploy/secrets/ca.pem; chmod 0400 /opt/hadeploy/secrets/ca.pem',
    );
  const path = file('topology.yml');
  const before = readFileSync(path, 'utf8');
  const store =
    'remote_write: {kind: victoriametrics, url: "https://10.90.0.1:8428/api/v1/write", auth: {ca_file: /run/secrets/ca.pem}}';
  edit(path, (text) => text.replace('exporters: [lab]}', `exporters: [lab], ${store}}`));
  return async () => {
    writeFileSync(path, before);
    for (const host of ['mon-a', 'mon-b']) await on(host, 'rm /opt/hadeploy/secrets/ca.pem');
  };
}

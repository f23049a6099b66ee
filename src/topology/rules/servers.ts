import { type CellHosts, cellHosts, memberPlaces, plainVariable } from './cells.ts';
import { addressNumber, overlap, readNetwork } from './ipv4.ts';
import type { Finding, Rule } from './rule.ts';

const pairSize: Rule = {
  code: 'pair-size',
  severity: 'error',
  title: 'A cell has exactly two hosts, and a cluster of Alertmanagers exactly two notifiers.',
  why: 'Every rolling change takes one half while the other one works; with one nothing works meanwhile, with three nobody says which.',
  mend: 'Name two hosts.',
  more: 'Replica labels, priorities of shared addresses, the order of plays and the rules that make one of two series all speak of two. More targets than a pair can scrape go to a second pair (scraper2), not to a third host.',
  find: ({ topology }) =>
    cellHosts(topology)
      .filter(({ pair }) => pair.length !== 2)
      .map(({ kind, name, key, pair }) => ({
        what: `${name} has ${pair.length === 1 ? 'one of the two hosts' : `${pair.length} hosts instead of two`}.`,
        at: topology.at([kind, name, key]),
      })),
};

const pairOnOneServer: Rule = {
  code: 'pair-on-one-server',
  severity: 'error',
  title: 'The two of a pair are on different servers.',
  why: 'One server that fails would take both halves with it.',
  mend: 'Name another host.',
  more: 'Several cells may share a host: two servers can carry a half of everything. Only the two halves of one cell may not be together.',
  find: ({ topology }) =>
    cellHosts(topology).flatMap(({ kind, name, key, pair }) =>
      pair.flatMap((host, index) =>
        pair.indexOf(host) === index
          ? []
          : [{ what: `${name} is on ${host} twice.`, at: topology.at([kind, name, key, index]) }],
      ),
    ),
};

const sameFailureDomain: Rule = {
  code: 'same-failure-domain',
  severity: 'warning',
  title: 'The two of a pair are in different failure domains, where hosts declare them.',
  why: 'What they share (a rack, a hypervisor, a power feed) takes both halves with it when it fails.',
  mend: 'Take a host of another failure domain.',
  more: 'Declare them with the host variable `failure_domain` (any text). Hosts without it are not judged.',
  find: ({ topology, inventory }) =>
    cellHosts(topology).flatMap(({ kind, name, key, pair }) =>
      pair.flatMap((host, index): readonly Finding[] => {
        const domain = plainVariable(inventory, host, 'failure_domain');
        const other = pair
          .slice(0, index)
          .find((one) => one !== host && plainVariable(inventory, one, 'failure_domain') === domain);
        if (domain === undefined || other === undefined) return [];
        const what = `${other} and ${host} of ${name} are both in failure domain "${domain}".`;
        return [{ what, at: topology.at([kind, name, key, index]) }];
      }),
    ),
};

const backupOnNotifier: Rule = {
  code: 'backup-on-notifier',
  severity: 'error',
  title: "The backup Alertmanager is not on a notifier's server.",
  why: 'Losing that server would lose a notifier and the spare copy of silences and of what was notified together.',
  mend: 'Put the backup on a third host, or leave it out.',
  more: 'The backup is worth having because it outlives both notifiers: with it, notifiers that lost everything get their silences and their log back and repeat no page.',
  find: ({ topology }) =>
    clusters(cellHosts(topology)).flatMap(({ name, pair, backup }) =>
      backup !== undefined && pair.includes(backup)
        ? [
            {
              what: `The backup of ${name} is on ${backup}, which has a notifier.`,
              at: topology.at(['alertmanagers', name, 'backup']),
            },
          ]
        : [],
    ),
};

const noBackup: Rule = {
  code: 'no-backup',
  severity: 'warning',
  title: 'A cluster of Alertmanagers has a backup on a third host.',
  why: 'When both notifiers lose their data, silences are gone and everything that fires is notified again: nobody else remembers.',
  mend: 'Name a third host as `backup`; it needs next to no memory.',
  more: 'The backup takes part in gossip and so knows all silences and notifications, but no federator tells it of alerts and its configuration can notify nobody.',
  find: ({ topology }) =>
    clusters(cellHosts(topology))
      .filter(({ backup }) => backup === undefined)
      .map(({ name }) => ({ what: `${name} has no backup.`, at: topology.at(['alertmanagers', name], 'key') })),
};

const sameAddress: Rule = {
  code: 'same-address',
  severity: 'error',
  title: 'No two hosts have the same address.',
  why: 'They would be the same server: both halves of a pair on it, one port wanted twice, one peer missing.',
  mend: 'Correct `monitoring_address` or `ansible_host` of one of them.',
  more: "A host's address among the others is its variable `monitoring_address`, else `ansible_host`, else its name.",
  find: ({ topology }) => {
    const seen = new Map<string, string>();
    return [...memberPlaces(topology)].flatMap(([host, at]): readonly Finding[] => {
      const address = topology.addresses.get(host) ?? '';
      const other = seen.get(address);
      if (other === undefined) seen.set(address, host);
      return other === undefined ? [] : [{ what: `${other} and ${host} both have the address ${address}.`, at }];
    });
  },
};

const addressNotIpv4: Rule = {
  code: 'address-not-ipv4',
  severity: 'error',
  title: 'Addresses of hosts are IPv4 literals.',
  why: 'Alertmanagers advertise it, keepalived sends from it and firewalls match it: none of them takes a name, and ports are published for IPv4 alone.',
  mend: 'Set `monitoring_address` to the address that the other servers reach.',
  more: 'An Alertmanager that is told to advertise a name says so in its log and goes on with the address of its container, which no peer can reach; the cluster then looks whole and pages come twice.',
  find: ({ topology }) =>
    [...memberPlaces(topology)].flatMap(([host, at]): readonly Finding[] => {
      const address = topology.addresses.get(host) ?? '';
      if (addressNumber(address) !== undefined) return [];
      return [{ what: `The address of ${host} is "${address}", which is not an IPv4 address.`, at }];
    }),
};

const UNUSABLE: readonly (readonly [network: string, name: string])[] = [
  ['0.0.0.0/8', 'no address at all'],
  ['127.0.0.0/8', 'a loopback address'],
  ['169.254.0.0/16', 'a link-local address'],
  ['224.0.0.0/3', 'a multicast or reserved address'],
];

const unusableAddress: Rule = {
  code: 'unusable-address',
  severity: 'error',
  title: 'Other servers can reach the address of a host.',
  why: 'It is advertised to peers, scraped by federators and matched by their firewalls; there it would mean another server, or none.',
  mend: 'Set `monitoring_address` to the address that the other servers reach.',
  more: "A host that is reached over SSH through its loopback (a tunnel, a container) needs `monitoring_address` beside `ansible_host`. Whether an address belongs to one of Docker's bridges is asked on the host: see `address-of-bridge`.",
  find: ({ topology }) =>
    [...memberPlaces(topology)].flatMap(([host, at]): readonly Finding[] => {
      const address = topology.addresses.get(host) ?? '';
      const own = readNetwork(address);
      const [, name] = UNUSABLE.find(([network]) => own && overlap(readNetwork(network)!, own)) ?? [];
      return name === undefined ? [] : [{ what: `The address of ${host}, ${address}, is ${name}.`, at }];
    }),
};

function clusters(cells: readonly CellHosts[]): readonly CellHosts[] {
  return cells.filter(({ kind }) => kind === 'alertmanagers');
}

/** Rules of servers and of who is on which. */
export const serverRules: readonly Rule[] = [
  pairSize,
  pairOnOneServer,
  sameFailureDomain,
  backupOnNotifier,
  noBackup,
  sameAddress,
  addressNotIpv4,
  unusableAddress,
];

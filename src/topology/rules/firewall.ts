import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { memberPlaces, plainVariable } from './cells.ts';
import { networkText, overlap, readNetwork } from './ipv4.ts';
import type { Finding, Rule, Survey } from './rule.ts';
import { targetsOf } from './target-files.ts';

/** What user's rules let in: each source with its place. */
function sources({ topology }: Survey) {
  return topology.firewall.allow.flatMap(({ from }, entry) =>
    from.map((source, index) => ({ source, at: topology.at(['firewall', 'allow', entry, 'from', index]) })),
  );
}

const badSource: Rule = {
  code: 'bad-source',
  severity: 'error',
  title: 'Whoever is let in is an IPv4 address or network.',
  why: 'Firewall rules take nothing else: a name would be looked up once, when the rule is made, and a network with an address of its inside is not what the firewall shows afterwards.',
  mend: 'Write an address (10.0.9.7) or a network (10.0.9.0/24).',
  more: '0.0.0.0/0 opens a service to everybody; it has to be written out, nothing else leads to it.',
  find: (survey) =>
    sources(survey).flatMap(({ source, at }): readonly Finding[] => {
      const network = readNetwork(source);
      if (network === undefined) return [{ what: `"${source}" is not an IPv4 address or network.`, at }];
      if (network.address === network.first) return [];
      const text = networkText(network);
      return [{ what: `${source} is an address within ${text}.`, at, mend: `Write ${text}, or the address alone.` }];
    }),
};

const nobodyMayPush: Rule = {
  code: 'nobody-may-push',
  severity: 'warning',
  title: 'Somebody may push to each pushgateway.',
  why: 'Its port is closed to all but the federators, so every push is dropped without an answer.',
  mend: 'Let the pushers in: firewall: {allow: [{from: [10.0.5.0/24], to: [pushgateways]}]}.',
  more: 'Pushers use the shared address, which the firewall sees as the host that holds it; both hosts get the rule.',
  find: ({ topology, estate }) =>
    topology.pushgateways
      .filter(({ name }) => !estate.flows.some(({ from_host, to }) => from_host === undefined && instanceOf(name, to)))
      .map(({ name }) => ({ what: `Nobody may push to ${name}.`, at: topology.at(['pushgateways', name], 'key') })),
};

const nobodyMayLook: Rule = {
  code: 'nobody-may-look',
  severity: 'warning',
  title: 'Somebody may open the pages of federators and Alertmanagers.',
  why: 'Their ports are closed to all but the estate itself: no dashboard can query, and nobody can set a silence.',
  mend: 'Let operators and dashboards in: firewall: {allow: [{from: [10.0.9.0/24], to: [federators, alertmanagers]}]}.',
  more: 'From the hosts themselves the pages can be opened in any case: what a host sends to itself passes no firewall here.',
  find: ({ topology, estate }) =>
    (['federators', 'alertmanagers'] as const).flatMap((kind) =>
      topology[kind]
        .filter(({ name }) => !estate.flows.some(({ kind: why, to }) => why === 'allow' && instanceOf(name, to)))
        .map(({ name }) => ({ what: `Nobody may open the pages of ${name}.`, at: topology.at([kind, name], 'key') })),
    ),
};

function instanceOf(cell: string, instance: string): boolean {
  return instance.slice(0, instance.lastIndexOf('-')) === cell;
}

/** The network of containers where the host variable `monitoring_subnet` sets no other. */
const DEFAULT_SUBNET = '172.31.250.0/24';

/** The network of a host's containers. */
export function subnetOf(inventory: Inventory, host: string): string {
  return plainVariable(inventory, host, 'monitoring_subnet') ?? DEFAULT_SUBNET;
}

const bridgeOverlaps: Rule = {
  code: 'bridge-overlaps',
  severity: 'error',
  title: "The containers' network overlaps no server, target, pusher or operator.",
  why: 'A host would look for them on its own bridge: they could not be reached from there, nor get an answer.',
  mend: 'Set `monitoring_subnet` to a range that nobody uses, before the first deployment.',
  more: `The network is ${DEFAULT_SUBNET} where the host variable \`monitoring_subnet\` sets no other. It is made once: a change later means to remove it, with every container in it.`,
  find: (survey) => {
    const { topology, inventory } = survey;
    const members = memberPlaces(topology);
    const subnets = new Set([...members.keys()].map((host) => subnetOf(inventory, host)));
    const others: readonly (readonly [text: string, at: Place])[] = [
      ...[...members].map(([host, at]) => [topology.addresses.get(host) ?? '', at] as const),
      ...topology.pushgateways.flatMap(({ name, vip }) =>
        vip ? [[vip.vip.split('/')[0]!, topology.at(['pushgateways', name, 'vip'])] as const] : [],
      ),
      ...topology.exporters.flatMap((group) =>
        targetsOf(survey, group).map(({ target, at }) => [target.replace(/:[0-9]+$/, ''), at] as const),
      ),
      ...sources(survey)
        .filter(({ source }) => source !== '0.0.0.0/0')
        .map(({ source, at }) => [source, at] as const),
    ];
    return [...subnets].flatMap((subnet) =>
      others.flatMap(([text, at]): readonly Finding[] => {
        const own = readNetwork(subnet);
        const other = readNetwork(text);
        if (!own || !other || !overlap(own, other)) return [];
        return [{ what: `${text} overlaps ${subnet}, the network of the containers.`, at }];
      }),
    );
  },
};

/** Rules of who may reach what. */
export const firewallRules: readonly Rule[] = [badSource, nobodyMayPush, nobodyMayLook, bridgeOverlaps];

import type { Place } from '../../../diagnostics/diagnostic.ts';
import { sh } from '../../../posix/script.ts';
import { memberPlaces } from '../cells.ts';
import { overlap, readNetwork } from '../ipv4.ts';
import type { RuleText } from '../rule.ts';
import { type HostFinding, hostCheck, linesOf } from './host-check.ts';

interface NetworkFacts {
  /** Names of all interfaces. */
  readonly interfaces: readonly string[];
  readonly addresses: readonly { readonly interface: string; readonly address: string }[];
  readonly gateways: readonly string[];
}

const addressOfBridge: RuleText = {
  code: 'address-of-bridge',
  severity: 'error',
  title: 'The address of a host is not that of a bridge of Docker.',
  why: 'Every host has that address: peers that are told it would speak to themselves.',
  mend: 'Set `monitoring_address` to the address that the other servers reach.',
  more: 'Bridges are told by their names: docker0, br-…, docker_gwbridge and monitoring.',
};

const noInterface: RuleText = {
  code: 'no-interface',
  severity: 'error',
  title: 'The interface of a shared address exists on both hosts.',
  why: 'keepalived stays in FAULT without it, and nobody holds the address.',
  mend: 'Correct `interface`. Where hosts name it differently, rename it on one of them (a .link file of systemd-networkd).',
  more: 'What a host has is shown by `ip -br link`.',
};

const addressNotOnInterface: RuleText = {
  code: 'address-not-on-interface',
  severity: 'error',
  title: 'The interface of a shared address bears the address of its host.',
  why: 'Adverts are sent from there: without it keepalived stays in FAULT.',
  mend: 'Correct `interface`, or set `monitoring_address` to the address that the host has there.',
  more: 'The address of a host among the others is `monitoring_address`, else `ansible_host`, else its name.',
};

const vipNotOnInterface: RuleText = {
  code: 'vip-not-on-interface',
  severity: 'error',
  title: 'A shared address is in a network of its interface.',
  why: 'Neighbours outside that network ask a router for it, who does not know who holds it.',
  mend: 'Choose an address of the network that the interface is in.',
  more: 'The prefixes of the addresses that the interface has are looked at, not the one that the shared address is written with.',
};

const vipIsGateway: RuleText = {
  code: 'vip-is-gateway',
  severity: 'error',
  title: 'A shared address is not that of the default gateway.',
  why: 'Whoever holds it would take the traffic of the whole network.',
  mend: 'Choose a free address of the network.',
  more: 'The gateway is the one of the default route of each host.',
};

/** What the interfaces of a host are like. */
export const networkCheck = hostCheck<NetworkFacts>({
  name: 'preflight_network',
  rules: [addressOfBridge, noInterface, addressNotOnInterface, vipNotOnInterface, vipIsGateway],
  ask: () => sh`for one in /sys/class/net/*; do printf 'interface %s\n' "\${one##*/}"; done
ip -o -4 addr show 2>/dev/null | while read -r _ name _ address _; do printf 'address %s %s\n' "$name" "$address"; done
ip -4 route show default 2>/dev/null | while read -r _ via gateway _; do [ "$via" != via ] || printf 'gateway %s\n' "$gateway"; done`,
  parse: (answer) => ({
    interfaces: linesOf(answer, 'interface'),
    addresses: linesOf(answer, 'address').map((line) => {
      const [name, address] = line.split(' ');
      return { interface: name!, address: address! };
    }),
    gateways: linesOf(answer, 'gateway'),
  }),
  judge: ({ interfaces, addresses, gateways }, { survey, host }) => {
    const found: HostFinding[] = [];
    const add = (rule: RuleText, what: string, at: Place) => found.push({ rule, what, at });
    const own = survey.topology.addresses.get(host)!;
    const bridge = addresses.find(({ interface: name, address }) => isBridge(name) && bare(address) === own);
    if (bridge) {
      add(
        addressOfBridge,
        `The address of ${host}, ${own}, is that of its bridge ${bridge.interface}.`,
        memberPlaces(survey.topology).get(host)!,
      );
    }
    // A shared address that the host holds brings the prefix it was written with, which proves nothing.
    const lasting = addresses.filter(({ address }) => !survey.estate.vips.some((vip) => vip.address === bare(address)));
    for (const vip of survey.estate.vips.filter(({ members }) => members.some((one) => one.host === host))) {
      const place = (key: string) => survey.topology.at(['pushgateways', vip.name, key]);
      const { interface: name, address: shared } = vip;
      if (interfaces.length > 0 && !interfaces.includes(name)) {
        add(noInterface, `${host} has no interface ${name}.`, place('interface'));
        continue;
      }
      const there = lasting.filter((one) => one.interface === name);
      if (there.length > 0 && !there.some(({ address }) => bare(address) === own)) {
        const what = `${name} on ${host} has ${there.map(({ address }) => address).join(', ')}, but not ${own}.`;
        add(addressNotOnInterface, what, place('interface'));
      }
      const single = readNetwork(shared);
      const networks = there.map(({ address }) => readNetwork(address));
      if (there.length > 0 && single && !networks.some((network) => network && overlap(network, single))) {
        const what = `${shared} is in no network of ${name} on ${host} (${there.map(({ address }) => address).join(', ')}).`;
        add(vipNotOnInterface, what, place('vip'));
      }
      if (gateways.includes(shared)) add(vipIsGateway, `${shared} is the default gateway of ${host}.`, place('vip'));
    }
    return found;
  },
});

function bare(address: string): string {
  return address.split('/')[0]!;
}

function isBridge(name: string): boolean {
  return /^(docker0|docker_gwbridge|monitoring|br-[0-9a-f]{12})$/.test(name);
}

import type { PushgatewayCell, Topology } from '../topology.ts';
import { addressText, type Network, networkText, overlap, readNetwork } from './ipv4.ts';
import type { Finding, Rule } from './rule.ts';

/** A cell's shared address as it was written, and read where it can be. */
interface Shared {
  readonly cell: PushgatewayCell;
  readonly text: string;
  readonly router: number;
  readonly network: Network | undefined;
}

function sharedAddresses({ pushgateways }: Topology): readonly Shared[] {
  return pushgateways.flatMap((cell) =>
    cell.vip
      ? [{ cell, text: cell.vip.vip, router: cell.vip.virtual_router_id, network: readNetwork(cell.vip.vip) }]
      : [],
  );
}

const badVip: Rule = {
  code: 'bad-vip',
  severity: 'error',
  title: 'A shared address is an IPv4 address with the length of its prefix.',
  why: 'It is put on an interface as it stands.',
  mend: 'Write for example 10.0.0.50/24, with the prefix of the network that both servers are in.',
  more: 'Ports are published for IPv4 alone, so an IPv6 address would answer nobody.',
  find: ({ topology }) =>
    sharedAddresses(topology)
      .filter(({ text, network }) => network === undefined || !text.includes('/'))
      .map(({ cell, text }) => ({
        what: `"${text}" is not an IPv4 address with the length of its prefix.`,
        at: topology.at(['pushgateways', cell.name, 'vip']),
      })),
};

const vipTaken: Rule = {
  code: 'vip-taken',
  severity: 'error',
  title: "A shared address is nobody else's, and one that a host can have.",
  why: 'Two servers would answer to one address, and each of them would lose packets of the other.',
  mend: 'Choose a free address of the network.',
  more: 'Addresses of all hosts of the inventory are looked at, other shared addresses, and the first and last address of the network. Whether somebody else in the network has it is asked on the hosts: see `vip-in-use`.',
  find: ({ topology }) => {
    const owners = new Map([...topology.addresses].map(([host, address]) => [address, host]));
    return sharedAddresses(topology).flatMap(({ cell, text, network }): readonly Finding[] => {
      if (network === undefined) return [];
      const address = addressText(network.address);
      const at = topology.at(['pushgateways', cell.name, 'vip']);
      const owner = owners.get(address);
      if (owner === undefined) owners.set(address, cell.name);
      else return [{ what: `The shared address ${address} of ${cell.name} is that of ${owner}.`, at }];
      const isEnd = network.address === network.first || network.address === network.first + network.size - 1;
      if (network.size <= 2 || !isEnd) return [];
      const which =
        network.address === network.first ? 'the address of the network itself' : "the network's broadcast address";
      return [{ what: `${text} is ${which}.`, at }];
    });
  },
};

const vipOutsideSubnet: Rule = {
  code: 'vip-outside-subnet',
  severity: 'error',
  title: 'Both servers are in the network of the address they share.',
  why: 'The address moves by telling the neighbours on the wire; across a router nobody hears it.',
  mend: 'Choose an address of the network that both servers are in, and write the prefix of that network.',
  more: 'An address with the prefix /32 says nothing of its network and is judged on the hosts alone: see `vip-not-on-interface`.',
  find: ({ topology }) =>
    sharedAddresses(topology).flatMap(({ cell, network }) => {
      if (network === undefined || network.size === 1) return [];
      const outside = [...new Set(cell.hosts)].filter((host) => {
        const own = readNetwork(topology.addresses.get(host) ?? '');
        return own !== undefined && !overlap(own, network);
      });
      return outside.map((host) => ({
        what: `${host} has the address ${topology.addresses.get(host)}, which is not in ${networkText(network)}.`,
        at: topology.at(['pushgateways', cell.name, 'vip']),
      }));
    }),
};

const badRouterId: Rule = {
  code: 'bad-router-id',
  severity: 'error',
  title: 'A virtual_router_id is a number from 1 to 255.',
  why: 'keepalived refuses any other.',
  mend: 'Choose a number from 1 to 255 that no other pair in the network has.',
  more: 'VRRP has one byte for it, and 0 is not allowed.',
  find: ({ topology }) =>
    sharedAddresses(topology)
      .filter(({ router }) => router < 1 || router > 255)
      .map(({ cell, router }) => ({
        what: `${router} is not a number from 1 to 255.`,
        at: topology.at(['pushgateways', cell.name, 'virtual_router_id']),
      })),
};

const routerIdTwice: Rule = {
  code: 'router-id-twice',
  severity: 'error',
  title: 'No two pairs in a network have the same virtual_router_id.',
  why: "Adverts of one pair would be taken for the other's: addresses are given up or held twice.",
  mend: 'Give one of them another number.',
  more: 'Networks are told apart by the prefix of the shared address. Others who speak VRRP in the network (routers, load balancers) count as well, but are not known here.',
  find: ({ topology }) => {
    const all = sharedAddresses(topology);
    return all.flatMap(({ cell, router, network }, index) => {
      const other = all
        .slice(0, index)
        .find((one) => one.router === router && one.network && network && overlap(one.network, network));
      if (other === undefined) return [];
      const what = `${other.cell.name} and ${cell.name} both have the virtual_router_id ${router}.`;
      return [{ what, at: topology.at(['pushgateways', cell.name, 'virtual_router_id']) }];
    });
  },
};

/** Rules of shared addresses. */
export const vipRules: readonly Rule[] = [badVip, vipTaken, vipOutsideSubnet, badRouterId, routerIdTwice];

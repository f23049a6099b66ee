import { lines, sh } from '../../../posix/script.ts';
import type { RuleText } from '../rule.ts';
import { hostCheck, linesOf } from './host-check.ts';

/** For each shared address and each peer whose neighbour the host is, the hardware address that answers there. */
type Neighbours = Readonly<Record<string, string>>;

const vipInUse: RuleText = {
  code: 'vip-in-use',
  severity: 'error',
  title: 'A shared address is free, or held by one of its two hosts.',
  why: 'Somebody else in the network has it: both would lose packets of the other.',
  mend: 'Choose a free address of the network.',
  more: "Each of the two asks the network who has the address, and who has that of its peer: another hardware address than the peer's is somebody else. Needs `ping` on the host; without it nothing is found here.",
};

/** Who answers to the shared addresses of a host. */
export const vipHolderCheck = hostCheck<Neighbours>({
  name: 'preflight_vip_holders',
  rules: [vipInUse],
  ask: ({ estate }, host) => {
    const members = estate.vips.flatMap(({ members: all }) =>
      all.filter((one) => one.host === host && one.peer_address),
    );
    if (members.length === 0) return undefined;
    const addresses = members.flatMap(({ vip, peer_address, interface: device }) => [
      { device, address: vip.split('/')[0]! },
      { device, address: peer_address! },
    ]);
    return lines([
      ...addresses.map(({ address }) => sh`ping -c 1 -W 1 ${address} >/dev/null 2>&1 &`),
      sh`wait`,
      ...[...new Set(addresses.map(({ device }) => device))].map((device) => {
        const wanted = addresses.filter((one) => one.device === device).map(({ address }) => address);
        return sh`ip -4 neigh show dev ${device} 2>/dev/null | while read -r address rest; do
  for one in ${wanted}; do [ "$one" != "$address" ] || printf 'neighbour %s %s\n' "$address" "$rest"; done
done`;
      }),
      sh`:`,
    ]);
  },
  parse: (answer) =>
    Object.fromEntries(
      linesOf(answer, 'neighbour').flatMap((line) => {
        const [, address, hardware] = /^(\S+) (?:.* )?lladdr (\S+)/.exec(line) ?? [];
        return address === undefined ? [] : [[address, hardware!]];
      }),
    ),
  judge: (neighbours, { survey, host }) =>
    survey.estate.vips.flatMap(({ name, address, members }) => {
      const peer = members.find((one) => one.host === host)?.peer_address;
      const holder = neighbours[address];
      const ours = peer === undefined ? undefined : neighbours[peer];
      if (holder === undefined || ours === undefined || holder === ours) return [];
      const what = `${address} is held by ${holder}, which is neither ${host} nor its peer.`;
      return [{ rule: vipInUse, what, at: survey.topology.at(['pushgateways', name, 'vip']) }];
    }),
});

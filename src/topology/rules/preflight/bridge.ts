import { sh } from '../../../posix/script.ts';
import { allContainers, objectsNamed } from '../../../resources/docker-looks.ts';
import { memberPlaces } from '../cells.ts';
import { subnetOf } from '../firewall.ts';
import { overlap, readNetwork } from '../ipv4.ts';
import type { RuleText } from '../rule.ts';
import { type HostFinding, hostCheck, linesOf } from './host-check.ts';

interface Networks {
  /** Of each of Docker's networks its name, the bridge it names, and its subnets. */
  readonly networks: readonly { readonly name: string; readonly bridge: string; readonly subnets: readonly string[] }[];
  /** What the host reaches through which of its interfaces. */
  readonly routes: readonly { readonly to: string; readonly interface: string }[];
  /** Whether there is an interface with the name of our bridge. */
  readonly hasBridge: boolean;
}

/** Name of the network of the estate's containers, and of its bridge, which the firewall goes by. */
const OWN = 'monitoring';

const bridgeTaken: RuleText = {
  code: 'bridge-taken',
  severity: 'error',
  title: 'The network `monitoring` and its bridge of that name are the ones that hadeploy makes.',
  why: 'Docker refuses a second network with that bridge; and on a bridge of another name the firewall, which goes by the name, would leave every port open.',
  mend: 'Rename the other network or interface, or remove it.',
  more: 'hadeploy makes the network `monitoring` once, with a bridge `monitoring`, and never changes it: that would stop every container on it.',
};

const subnetTaken: RuleText = {
  code: 'subnet-taken',
  severity: 'error',
  title: 'The subnet of the containers is in no other network that the host knows.',
  why: 'Docker refuses to make the network; and where something else comes to that range later, containers and host cannot reach it.',
  mend: 'Set `monitoring_subnet` to a range that the host uses for nothing else.',
  more: "Looked at are the subnets of Docker's other networks and the routes of the host, so also tunnels. What files say of servers, targets and clients is checked by `bridge-overlaps`.",
};

/** Which networks there are on a host. */
export const bridgeCheck = hostCheck<Networks>({
  name: 'preflight_bridge',
  rules: [bridgeTaken, subnetTaken],
  // Docker keeps the subnets of its networks apart: where ours is as wanted, the others do not matter.
  ask: ({ inventory }, host) => sh`${allContainers}${objectsNamed([OWN])}case "
$objects" in *${`|${OWN}|<no value>|${OWN}|${subnetOf(inventory, host)} |`}*) echo ${`network ${OWN}|${OWN}|${subnetOf(inventory, host)}`} ;;
*) [ "$ps" != 0 ] || timeout 20 docker network inspect --format 'network {{.Name}}|{{index .Options "com.docker.network.bridge.name"}}|{{range .IPAM.Config}}{{.Subnet}} {{end}}' $(timeout 10 docker network ls -q 2>/dev/null) 2>/dev/null ;;
esac
[ ! -e /sys/class/net/${OWN} ] || echo 'bridge ${OWN}'
ip -4 route show 2>/dev/null | while read -r to rest; do printf 'route %s %s\n' "$to" "$rest"; done`,
  parse: (answer) => ({
    networks: linesOf(answer, 'network').map((line) => {
      const [name = '', bridge = '', subnets = ''] = line.split('|');
      return { name, bridge, subnets: subnets.trim().split(' ') };
    }),
    routes: linesOf(answer, 'route').flatMap((line) => {
      const [, to, device] = /^(\S+) (?:.* )?dev (\S+)/.exec(line) ?? [];
      return to === undefined ? [] : [{ to, interface: device! }];
    }),
    hasBridge: linesOf(answer, 'bridge').length > 0,
  }),
  judge: ({ networks, routes, hasBridge }, { survey: { topology, inventory }, host }) => {
    const at = memberPlaces(topology).get(host)!;
    const found: HostFinding[] = [];
    const own = networks.find(({ name }) => name === OWN);
    const holder = networks.find(({ name, bridge }) => name !== OWN && bridge === OWN);
    if (own && own.bridge !== OWN) {
      found.push({ rule: bridgeTaken, what: `The network ${OWN} on ${host} has a bridge of another name.`, at });
    } else if (holder) {
      found.push({ rule: bridgeTaken, what: `The network ${holder.name} on ${host} has the bridge ${OWN}.`, at });
    } else if (hasBridge && !own && networks.length > 0) {
      found.push({ rule: bridgeTaken, what: `${host} has an interface ${OWN} that is not Docker's.`, at });
    }
    const subnet = subnetOf(inventory, host);
    const wanted = readNetwork(subnet);
    const others = [
      ...networks
        .filter(({ name }) => name !== OWN)
        .map(({ name, subnets }) => ({ who: `the network ${name}`, subnets })),
      ...routes
        .filter((one) => one.interface !== OWN && !/^(docker|br-)/.test(one.interface))
        .map((one) => ({ who: `what is behind ${one.interface}`, subnets: [one.to] })),
    ];
    for (const { who, subnets } of others) {
      const other = subnets.find((one) => {
        const network = readNetwork(one);
        return wanted && network && overlap(wanted, network);
      });
      if (other === undefined) continue;
      const what = `${subnet}, the network of the containers, overlaps ${other} of ${who} on ${host}.`;
      found.push({ rule: subnetTaken, what, at });
    }
    return found;
  },
});

import { lineByLine, sh } from '../../../posix/script.ts';
import { allContainers } from '../../../resources/docker-looks.ts';
import { instancesOf } from '../instances.ts';
import type { RuleText } from '../rule.ts';
import { hostCheck, linesOf } from './host-check.ts';

interface PortFacts {
  /** `9090/tcp` of everything that listens on the host. */
  readonly listening: readonly string[];
  /** Ports that running containers publish, by their names. */
  readonly published: Readonly<Record<string, readonly string[]>>;
}

const portInUse: RuleText = {
  code: 'port-in-use',
  severity: 'error',
  title: 'The ports of an instance are free on its host, or its own.',
  why: 'The container would not start, in the middle of a change.',
  mend: 'Stop what has the port, or give the cell another `port`.',
  more: "Containers of the estate itself may have each other's ports: they are made anew. `ss -ltnup` and `docker ps` on the host show who has which.",
};

/** Who has which port of a host. */
export const portCheck = hostCheck<PortFacts>({
  name: 'preflight_ports',
  rules: [portInUse],
  // 0A is a TCP socket that listens, 07 a UDP socket without a peer.
  ask: () => sh`${allContainers}sed -n 's/^ *[0-9]*: [0-9A-F]*:\([0-9A-F]*\) [0-9A-F:]* 0A .*/tcp \1/p' /proc/net/tcp /proc/net/tcp6 2>/dev/null
sed -n 's/^ *[0-9]*: [0-9A-F]*:\([0-9A-F]*\) [0-9A-F:]* 07 .*/udp \1/p' /proc/net/udp /proc/net/udp6 2>/dev/null
[ "$ps" = 0 ] || exit 0
${lineByLine(sh`for one in $containers; do
  case $one in '"'*'|'*'|'*'|'*) ;; *) continue ;; esac
  one=\${one#*|} name=\${one%%|*} one=\${one#*|}
  printf 'container %s %s\n' "$name" "\${one%%|*}"
done`)}`,
  parse: (answer) => ({
    listening: (['tcp', 'udp'] as const).flatMap((protocol) =>
      [...new Set(linesOf(answer, protocol))].map((hex) => `${Number.parseInt(hex, 16)}/${protocol}`),
    ),
    published: Object.fromEntries(
      linesOf(answer, 'container').map((line) => {
        const [name = '', ...ports] = line.split(/,? /);
        return [name, ports.flatMap(publishedBy)];
      }),
    ),
  }),
  judge: ({ listening, published }, { survey, host }) => {
    const { estate, topology } = survey;
    const ours = new Set(
      instancesOf(estate)
        .filter((one) => one.host === host)
        .map(({ name }) => name),
    );
    const holderOf = (port: string) => Object.entries(published).find(([, ports]) => ports.includes(port))?.[0];
    return instancesOf(estate)
      .filter((one) => one.host === host)
      .flatMap(({ name, kind, cell, ports }) =>
        ports.flatMap(({ key, port, protocol }) => {
          const wanted = `${port}/${protocol}`;
          const holder = holderOf(wanted);
          if (holder === undefined ? !listening.includes(wanted) : ours.has(holder)) return [];
          const who = holder === undefined ? 'another program' : `the container ${holder}`;
          const what = `Port ${wanted} of ${name} is that of ${who} on ${host}.`;
          return [{ rule: portInUse, what, at: topology.at([kind, cell, key]) }];
        }),
      );
  },
});

/** `0.0.0.0:9093-9094->9093-9094/tcp` → 9093/tcp, 9094/tcp; a port that is not published has no arrow. */
function publishedBy(port: string): readonly string[] {
  const [, first, last = first, protocol] = /:([0-9]+)(?:-([0-9]+))?->.*\/(tcp|udp)$/.exec(port) ?? [];
  if (first === undefined) return [];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${Number(first) + index}/${protocol}`);
}

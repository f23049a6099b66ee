import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Lab } from '../lab/lab.ts';

/** A port of a host: `tcp/9090`. */
export interface Door {
  readonly host: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** The machine that runs the lab, as a source of connections. */
export const BENCH = 'bench';

/** From this port every UDP probe comes, so that it can be told from gossip. */
const PROBE_PORT = 40123;

/** What the containers of a host publish, as Docker tells it, and the addresses that it is published on. */
export async function published(lab: Lab, host: string): Promise<readonly (Door & { readonly on: string })[]> {
  const { stdout } = await lab.exec(host, "docker ps -q | xargs docker inspect -f '{{json .NetworkSettings.Ports}}'");
  const containers = lines(stdout).map((line) => JSON.parse(line) as Record<string, Binding[] | null>);
  return containers.flatMap((ports) =>
    Object.entries(ports).flatMap(([inside, bindings]) =>
      (bindings ?? []).map(({ HostIp: on, HostPort }) => ({
        host,
        protocol: inside.endsWith('/udp') ? ('udp' as const) : ('tcp' as const),
        port: Number(HostPort),
        on,
      })),
    ),
  );
}

interface Binding {
  readonly HostIp: string;
  readonly HostPort: string;
}

/** Which of these `ADDRESS PORT` let TCP connections from a host in (all tried at once, a second each). */
export async function reached(lab: Lab, from: string, doors: readonly string[]): Promise<ReadonlySet<string>> {
  if (from === BENCH) {
    const tried = await Promise.all(doors.map(async (door) => ((await connects(lab, door)) ? door : undefined)));
    return new Set(tried.filter((door) => door !== undefined));
  }
  return new Set(lines((await lab.exec(from, `${doors.map((door) => `${knock(door)} &`).join('\n')}\nwait`)).stdout));
}

/** Which of these `ADDRESS PORT` let TCP connections from within a container in. */
export async function reachedFromContainer(
  lab: Lab,
  host: string,
  container: string,
  doors: readonly string[],
): Promise<ReadonlySet<string>> {
  const script = `${doors.map((door) => `${knock(door)} &`).join('\n')}\nwait`;
  const pid = `"$(docker inspect -f '{{.State.Pid}}' ${container})"`;
  return new Set(lines((await lab.exec(host, `nsenter -n -t ${pid} sh <<'EOF'\n${script}\nEOF`)).stdout));
}

const knock = (door: string) => `(nc -z -w 1 ${door} && echo '${door}')`;
const lines = (text: string) => text.split('\n').filter((line) => line !== '');

function connects(lab: Lab, door: string): Promise<boolean> {
  const [host, port] = door.split(' ');
  const socket = connect({ host: host!, port: Number(port), localAddress: lab.bridgeAddress });
  return new Promise((resolve) => {
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(1000, () => done(false));
    socket.on('error', () => done(false));
    socket.on('connect', () => done(true));
  });
}

/** How many UDP probes of a source came to a host, and how many of them its firewall let through to a container. */
export interface Delivery {
  readonly came: number;
  readonly passed: number;
}

/** Counts UDP probes at a host: as they come in, and as they leave for the containers' bridge, behind all filters. */
export async function countProbes(lab: Lab, host: string, sources: readonly string[], port: number): Promise<void> {
  const rules = sources.map((source) => `-s ${source} -p udp --sport ${PROBE_PORT}`);
  const script = `
iptables -t mangle -N PROBES-CAME && iptables -t mangle -N PROBES-PASSED || exit
${rules
  .flatMap((rule) => [
    `iptables -t mangle -A PROBES-CAME ${rule} --dport ${port}`,
    `iptables -t mangle -A PROBES-PASSED ${rule} --dport ${port}`,
  ])
  .join('\n')}
iptables -t mangle -I PREROUTING -i eth0 -j PROBES-CAME
iptables -t mangle -I POSTROUTING -o monitoring -j PROBES-PASSED`;
  const { code, stderr } = await lab.exec(host, script);
  if (code !== 0) throw new Error(stderr);
}

/** Takes the counters away again. */
export async function countProbesNoMore(lab: Lab, host: string): Promise<void> {
  await lab.exec(
    host,
    `iptables -t mangle -D PREROUTING -i eth0 -j PROBES-CAME
iptables -t mangle -D POSTROUTING -o monitoring -j PROBES-PASSED
for chain in PROBES-CAME PROBES-PASSED; do iptables -t mangle -F $chain; iptables -t mangle -X $chain; done`,
  );
}

/** What the counters of a host say of a source's probes. */
export async function delivered(lab: Lab, host: string, source: string): Promise<Delivery> {
  const { stdout } = await lab.exec(host, 'iptables-save -c -t mangle');
  const count = (chain: string) =>
    Number(new RegExp(`^\\[(\\d+):\\d+\\] -A ${chain} -s ${source}/32 `, 'm').exec(stdout)?.[1] ?? Number.NaN);
  return { came: count('PROBES-CAME'), passed: count('PROBES-PASSED') };
}

/** Sends three UDP probes to an address and port. */
export async function probeUdp(lab: Lab, from: string, address: string, port: number): Promise<void> {
  if (from !== BENCH) {
    const send = `echo probe | nc -u -q 0 -p ${PROBE_PORT} ${address} ${port}`;
    await lab.exec(from, `${send}; ${send}; ${send}`);
    return;
  }
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(PROBE_PORT, lab.bridgeAddress, resolve));
  for (let time = 0; time < 3; time += 1)
    await new Promise((resolve) => socket.send('probe\n', port, address, resolve));
  await new Promise<void>((resolve) => socket.close(resolve));
}

/** Sends UDP probes ten times a second, as one flow that never ends, until the function it gives is called. */
export async function streamUdp(lab: Lab, from: string, address: string, port: number): Promise<() => Promise<void>> {
  const loop = `while :; do echo probe | nc -u -q 0 -p ${PROBE_PORT} ${address} ${port}; sleep 0.1; done`;
  const { stdout } = await lab.exec(from, `setsid sh -c '${loop}' >/dev/null 2>&1 & echo $!`);
  return async () => {
    await lab.exec(from, `kill -- -${stdout.trim()}`);
  };
}

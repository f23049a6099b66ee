import { connect } from 'node:net';
import type { Scenario } from './scenario.ts';

/** Whether a TCP connection from one host (or from this machine, "here") to a port of another comes about. */
export async function tcp(at: Scenario, from: string, to: string, port: number): Promise<'open' | 'shut'> {
  const address = at.addressOf(to);
  if (from === 'here') return dial(address, port);
  const { code } = await at.lab.exec(from, `nc -z -w 2 ${address} ${port}`);
  return code === 0 ? 'open' : 'shut';
}

function dial(host: string, port: number): Promise<'open' | 'shut'> {
  return new Promise((settle) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (state: 'open' | 'shut') => {
      socket.destroy();
      settle(state);
    };
    socket.on('connect', () => end('open'));
    socket.on('timeout', () => end('shut'));
    socket.on('error', () => end('shut'));
  });
}

// A ping as the members of the cluster say it to each other (HashiCorp memberlist): type 0, and the MessagePack map
// {SeqNo: 42, Node: ""}. Whoever gets it acknowledges with type 2, so silence means that it never arrived.
const ping = String.raw`\000\202\245SeqNo\052\244Node\240`;
const acknowledged = '02';

/** Whether a gossip ping over UDP from one host to another's Alertmanager is acknowledged; datagrams may be lost, so three. */
export async function udp(at: Scenario, from: string, to: string): Promise<'open' | 'shut'> {
  const pings = `for n in 1 2 3; do printf '${ping}'; sleep 0.2; done`;
  const { stdout } = await at.lab.exec(from, `(${pings}) | nc -u -w 2 ${at.addressOf(to)} 9094 | od -v -An -tx1`);
  return stdout.replaceAll(/\s/g, '').startsWith(acknowledged) ? 'open' : 'shut';
}

/** A page of a host as JSON, asked from this machine as an operator would. */
export async function ask<T>(at: Scenario, host: string, port: number, path: string): Promise<T> {
  return (await (await page(at, host, port, path)).json()) as T;
}

/** Whether a server is ready to serve, asked from this machine. */
export async function ready(at: Scenario, host: string, port: number): Promise<boolean> {
  return page(at, host, port, '/-/ready').then(
    (answer) => answer.ok,
    () => false,
  );
}

/** The values of a metric on a host's page, as LABELS → number. */
export async function metric(
  at: Scenario,
  host: string,
  port: number,
  name: string,
): Promise<ReadonlyMap<string, number>> {
  const text = await (await page(at, host, port, '/metrics')).text();
  const lines = text.matchAll(new RegExp(`^${name}(\\{.*\\})? (\\S+)$`, 'gm'));
  return new Map([...lines].map((match) => [match[1] ?? '', Number(match[2])]));
}

/** What an Alertmanager says of its cluster: `ready` once it has settled, and the members' addresses, itself included. */
export async function clusterOf(
  at: Scenario,
  host: string,
): Promise<{ readonly status: string; readonly members: readonly string[] }> {
  type Status = { readonly status: string; readonly peers: readonly { readonly address: string }[] };
  const { cluster } = await ask<{ readonly cluster: Status }>(at, host, 9093, '/api/v2/status');
  return { status: cluster.status, members: cluster.peers.map(({ address }) => address).sort() };
}

/** The rules of one's own that a federator has loaded, as `group/rule`, in order. */
export async function rulesOf(at: Scenario, host: string): Promise<readonly string[]> {
  type Group = { readonly name: string; readonly file: string; readonly rules: readonly { readonly name: string }[] };
  const { data } = await ask<{ readonly data: { readonly groups: readonly Group[] } }>(at, host, 9095, '/api/v1/rules');
  const own = data.groups.filter(({ file }) => file.startsWith('/etc/prometheus/rules/'));
  return own.flatMap(({ name, rules }) => rules.map((rule) => `${name}/${rule.name}`)).sort();
}

/** The addresses that a federator reads with their health, in order: `10.90.0.11:9093 up`. */
export async function targetsOf(at: Scenario, host: string): Promise<readonly string[]> {
  type Target = { readonly health: string; readonly scrapeUrl: string };
  type Answer = { readonly data: { readonly activeTargets: readonly Target[] } };
  const { data } = await ask<Answer>(at, host, 9095, '/api/v1/targets?state=active');
  return [...new Set(data.activeTargets.map(({ health, scrapeUrl }) => `${new URL(scrapeUrl).host} ${health}`))].sort();
}

/** A container's id and when it started: equal while it was neither recreated nor restarted. */
export function lifeOf(at: Scenario, host: string, container: string): Promise<string> {
  return at.on(host, `docker inspect -f '{{.Id}} {{.State.StartedAt}}' ${container}`);
}

/** Returns once nothing of a login runs on the host any more: whatever a lost controller had begun there is over. */
export async function quiet(at: Scenario, host: string): Promise<void> {
  await at.lab.exec(
    host,
    'while [ "$(grep -lF ssh.service /proc/[0-9]*/cgroup 2>/dev/null | wc -l)" -gt 1 ]; do sleep 0.1; done',
  );
}

async function page(at: Scenario, host: string, port: number, path: string): Promise<Response> {
  return fetch(`http://${at.addressOf(host)}:${port}${path}`, { signal: AbortSignal.timeout(3000) });
}

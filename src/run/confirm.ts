import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import type { Item } from '../plan/plan.ts';
import type { Step } from '../resources/step.ts';
import { place, state } from './faults.ts';
import type { HostWork } from './host-work.ts';
import type { Connection, Ports, Reached } from './ports.ts';

type Confirm = Extract<Step, { readonly do: 'confirm' }>;

/** Seconds for one try of a connection from a peer, which has two. */
const tryS = 3;

/**
 * A new connection to a host whose change is to be confirmed, once everyone who is to reach it has. A peer that cannot
 * be asked now is left out. The fault says what did not come through.
 */
export async function heard(
  work: HostWork,
  item: Item,
  step: Confirm,
  ports: Ports,
  done: readonly Item[],
): Promise<Connection> {
  const [fresh, ...answers] = await Promise.all([
    ports.anew?.(work.host),
    ...[...new Set(step.reach.map(({ from }) => from))].map((from) => silentFor(work.host, from, step.reach, ports)),
  ]);
  const whys = answers.flat();
  if (fresh === undefined) whys.unshift(`no new connection to ${work.host} could be made`);
  else if ('what' in fresh) whys.unshift(`a new login failed: ${fresh.what}`);
  else if (whys.length === 0) return fresh;
  else await fresh.close();
  ports.tell({ type: 'item-ended', host: work.host, item, outcome: 'failed' });
  throw new Refusal([notConfirmed(work, item, step, whys, done)]);
}

/** Why connections from one peer do not come through; one that cannot be asked is told of, and has no say. */
async function silentFor(
  host: string,
  from: string,
  reach: Confirm['reach'],
  ports: Ports,
): Promise<readonly string[]> {
  const peer = await ports.via?.(from);
  if (peer === undefined) return [`no host is called ${from}`];
  if ('what' in peer) {
    ports.tell({ type: 'fault', fault: notAsked(host, from, peer.what) });
    return [];
  }
  const answers = await Promise.all(
    reach
      .filter((one) => one.from === from)
      .map(async ({ to, port }) => ({ to, port, ...(await tried(peer, to, port)) })),
  );
  const unable = answers.find(({ heard: was }) => was === undefined);
  if (unable && 'why' in unable) ports.tell({ type: 'fault', fault: notAsked(host, from, unable.why) });
  return answers.flatMap((one) =>
    one.heard === false ? [`${from} does not reach ${one.to}:${one.port} (${one.why})`] : [],
  );
}

async function tried(peer: Connection, to: string, port: number): Promise<Reached> {
  const first = await peer.reach(to, port, tryS);
  return first.heard === false ? peer.reach(to, port, tryS) : first;
}

function notAsked(host: string, from: string, why: string): Diagnostic {
  return {
    code: 'peer-not-asked',
    severity: 'warning',
    host,
    what: `${from} was not asked whether it still reaches ${host}.`,
    why,
  };
}

function notConfirmed(
  work: HostWork,
  item: Item,
  step: Confirm,
  whys: readonly string[],
  done: readonly Item[],
): Diagnostic {
  return {
    code: 'not-confirmed',
    severity: 'error',
    what: `On ${work.host} the step "${step.what}" failed.`,
    ...place({ item, step, last: true }),
    host: work.host,
    why: `${whys.join('; ')}.`,
    state: state(work, done, item),
    mend: 'Correct what the task says of them, or what stands between the hosts, then run the same command again.',
  };
}

import type { Observations } from '../plan/plan.ts';
import { Script } from '../posix/script.ts';
import type { AnyKind, Reply } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import type { HttpAnswer, HttpAsk } from '../resources/step.ts';
import { ask } from './conversation.ts';
import { type EarlyLook, told } from './early-look.ts';
import type { Connection, Ports } from './ports.ts';
import { understood } from './understood.ts';

/**
 * Looks at resources of one host: all their probes in one conversation (two where some need root and some do not),
 * their HTTP questions beside it; none for what `early` has answered. Nothing on the host changes; of what other hosts do
 * nothing is asked.
 */
export async function observe(
  connection: Connection,
  host: string,
  resources: readonly Resource[],
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
  early: EarlyLook = new Map(),
): Promise<Observations> {
  if (resources.every((one) => early.has(one) || one.delegate !== undefined)) return early;
  const observed = new Map<Resource, unknown>();
  const earlier = told(early);
  const probes = resources.flatMap((resource) => {
    if (resource.delegate !== undefined) return [];
    const known = earlier(resource);
    if (known) observed.set(resource, known.observed);
    return known ? [] : [{ resource, probe: kinds.get(resource.kind)!.probe(resource.spec) as Script | HttpAsk }];
  });
  const read = (resource: Resource, reply: Reply) =>
    observed.set(resource, understood(kinds.get(resource.kind)!, resource, reply));
  const scripts = async (become: boolean) => {
    const group = probes.filter(({ resource, probe }) => probe instanceof Script && resource.become === become);
    if (group.length === 0) return;
    const questions = group.map(({ probe }) => probe as Script);
    const answers = await ask(connection, host, questions, { become, mark: ports.mark() });
    for (const [index, { resource }] of group.entries()) read(resource, answers[index]!);
  };
  const questions = probes.map(async ({ resource, probe }) => {
    if (!(probe instanceof Script)) read(resource, await askHttp(connection, probe, ports));
  });
  await Promise.all([scripts(true), scripts(false), ...questions]);
  return observed;
}

/** Asks an HTTP question from where it wants to be asked, with what is to come along with its answer. */
export async function askHttp(connection: Connection, question: HttpAsk, ports: Ports): Promise<HttpAnswer> {
  const [answer, beside] = await Promise.all([
    question.afterS === undefined ? askOne(connection, question, ports) : askAfter(connection, question, ports),
    question.beside && askOne(connection, question.beside, ports),
  ]);
  return answer.status === undefined || beside === undefined ? answer : { ...answer, beside };
}

/** With an earlier answer: one that is remembered, or else one that is waited after. */
async function askAfter(connection: Connection, question: HttpAsk, ports: Ports): Promise<HttpAnswer> {
  const { answers, clock } = ports;
  const afterMs = question.afterS! * 1000;
  // Looks that follow each other by seconds need not each take their time; one second less is near enough.
  let earlier = answers?.find(connection, question, clock.now() - afterMs + 1000);
  if (earlier === undefined) {
    const first = await askOne(connection, question, ports);
    if (first.status === undefined) return first;
    earlier = first.body;
    answers?.put(connection, question, { at: clock.now(), body: earlier });
    await clock.sleep(afterMs);
  }
  const answer = await askOne(connection, question, ports);
  if (answer.status === undefined) return answer;
  answers?.put(connection, question, { at: clock.now(), body: answer.body });
  return { ...answer, earlier };
}

async function askOne(connection: Connection, question: HttpAsk, ports: Ports): Promise<HttpAnswer> {
  if (question.from === 'controller') return ports.ask(question);
  if (question.from === 'host') return connection.http(question);
  const other = await ports.via?.(question.from);
  if (other === undefined || 'what' in other) {
    return { status: undefined, error: other?.what ?? `no host is called ${question.from}` };
  }
  return other.http(question);
}

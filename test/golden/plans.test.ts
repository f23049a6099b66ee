import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { load } from '../../src/cli/load.ts';
import { unwrap } from '../../src/diagnostics/diagnostic.ts';
import { inSteps, madeAtOnce } from '../../src/plan/at-once.ts';
import { planHost } from '../../src/plan/plan.ts';
import { planText } from '../../src/plan/plan-text.ts';
import type { CompiledPlay } from '../../src/playbook/compile.ts';
import { Script } from '../../src/posix/script.ts';
import { kinds } from '../../src/resources/index.ts';
import type { Reply } from '../../src/resources/kind.ts';
import type { Resource } from '../../src/resources/resource.ts';
import type { HttpAnswer, HttpAsk } from '../../src/resources/step.ts';
import { ask } from '../../src/run/conversation.ts';
import { sshTransport } from '../../src/ssh/transport.ts';

/**
 * The shipped playbook on the lab's inventory, with answers that real hosts gave: what a user reads before anything is
 * done. `HADEPLOY_RECORD=NAME` asks the lab's hosts anew and writes the answers of that case and its plan.
 */
const cases: Readonly<Record<string, readonly string[]>> = {
  'fresh-hosts': [],
  'deployed-hosts': [],
  'other-interval': ['scrape_interval=15s'],
  'other-version': ['versions.prometheus=prom/prometheus:v2.42.0'],
};

interface Recorded {
  readonly facts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly replies: Readonly<Record<string, Readonly<Record<string, Reply>>>>;
}

describe('the plan of the shipped playbook', () => {
  it.each(Object.entries(cases))(
    'for %s is what was read and agreed to',
    async (name, extraVars) => {
      const loaded = load('inventory/lab', { tags: [], skipTags: [], extraVars });
      const base = `test/golden/plans/${name}`;
      if (process.env['HADEPLOY_RECORD'] === name) await record(loaded, base);
      const recorded = JSON.parse(readFileSync(`${base}.answers.json`, 'utf8')) as Recorded;
      const compiled = unwrap(loaded.compile((host) => recorded.facts[host]!));
      const members = compiled.plays.flatMap((play) => [...(play.moving?.values() ?? [])]);
      const nobody = name === 'fresh-hosts' ? members.filter((one) => one.atOnce) : [];
      const steps = inSteps(compiled.plays, new Set(nobody));
      const inOrder = steps.flatMap(({ plays }) => plays);
      const items = new Map(
        Object.keys(recorded.facts).map((host) => {
          const plays = inOrder.map((play) => ({
            resources: play.resources.get(host) ?? [],
            handlers: play.handlers.get(host) ?? [],
            drain: play.drain.get(host) ?? [],
          }));
          return [host, planHost(plays, observations(plays.flatMap(all), recorded.replies[host]!), kinds)];
        }),
      );
      const withItems = (play: CompiledPlay) => ({
        ...play,
        items: new Map(play.batches.flat().map((host) => [host, items.get(host)![inOrder.indexOf(play)]!])),
      });
      const plan = {
        plays: steps.map(({ plays, first }) => (first ? madeAtOnce(plays.map(withItems)) : withItems(plays[0]!))),
      };
      const text = `${planText(plan, { diffs: true })}\n`;
      if (process.env['HADEPLOY_RECORD'] === name || !existsSync(`${base}.txt`)) writeFileSync(`${base}.txt`, text);
      expect(text).toBe(readFileSync(`${base}.txt`, 'utf8'));
    },
    120_000,
  );
});

function all(play: {
  readonly resources: readonly Resource[];
  readonly handlers: readonly { readonly resource: Resource }[];
  readonly drain: readonly Resource[];
}) {
  return [...play.drain, ...play.resources, ...play.handlers.map((handler) => handler.resource)];
}

function observations(resources: readonly Resource[], replies: Readonly<Record<string, Reply>>) {
  return new Map(
    resources.map((resource) => {
      if (resource.delegate) return [resource, undefined];
      const reply = replies[resource.id];
      if (reply === undefined) throw new Error(`no answer was recorded for ${resource.id}`);
      return [resource, kinds.get(resource.kind)!.parse(reply, resource.spec)];
    }),
  );
}

async function record(loaded: ReturnType<typeof load>, base: string): Promise<void> {
  const transport = sshTransport({ home: '/root' });
  const facts: Record<string, Record<string, unknown>> = {};
  const replies: Record<string, Record<string, Reply>> = {};
  const options = { become: true, mark: 'recording-recording-recording' };
  for (const [host, target] of unwrap(loaded.targets({}))) {
    const connection = await transport.connect(target, new AbortController().signal);
    const probes = loaded.factProbes(host);
    const answers = await ask(
      connection,
      host,
      probes.map((probe) => probe.script),
      options,
    );
    facts[host] = Object.fromEntries(probes.map((probe, index) => [probe.name, unwrap(probe.parse(answers[index]!))]));
    const compiled = unwrap(loaded.compile((one) => facts[one]));
    const resources = compiled.plays.flatMap((play) =>
      all({
        resources: play.resources.get(host) ?? [],
        handlers: play.handlers.get(host) ?? [],
        drain: play.drain.get(host) ?? [],
      }),
    );
    const own = resources.filter(({ delegate }) => delegate === undefined);
    const asked = own.map((resource) => ({ resource, probe: kinds.get(resource.kind)!.probe(resource.spec) }));
    const scripts = asked.flatMap(({ probe }) => (probe instanceof Script ? [probe] : []));
    const told = (await ask(connection, host, scripts, options))[Symbol.iterator]();
    replies[host] = {};
    for (const { resource, probe } of asked) {
      replies[host][resource.id] =
        probe instanceof Script ? told.next().value! : brief(await connection.http(probe as HttpAsk), resource);
    }
    await connection.close();
  }
  writeFileSync(`${base}.answers.json`, `${JSON.stringify({ facts, replies }, null, 1)}\n`);
}

/** Of a long page, the lines that the gate looks for. */
function brief(answer: HttpAnswer, resource: Resource): HttpAnswer {
  const { contains } = resource.spec as { readonly contains?: string };
  if (answer.status === undefined || contains === undefined) return answer;
  const lines = answer.body.split('\n').filter((line) => line.includes(contains));
  return { ...answer, body: lines.join('\n') };
}

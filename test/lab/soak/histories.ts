import { json } from '../estate/ask.ts';
import type { Federator } from './estate.ts';
import type { History, Span } from './recording.ts';

/** What is read back from both federators once the roll is over. */
const wanted = [
  'soak:canary:max',
  'pair:up:max',
  'pushgateway:newest:value{metric_name="soak_pushed_seconds"}',
  'ALERTS{alertname="SoakAlways",alertstate="firing"}',
];

/** Every sample that a federator recorded in a span, as it stands in its database. */
export async function historiesOf({ name, server }: Federator, { from, to }: Span): Promise<History[]> {
  const range = `[${Math.ceil((to - from) / 1000)}s]`;
  const answers = wanted.map(async (selector) => {
    const url = `http://${server}/api/v1/query?query=${encodeURIComponent(selector + range)}&time=${to / 1000}`;
    const { data } = (await json(url)) as {
      data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
    };
    return data.result.map(({ metric: { __name__: metric = '', ...labels }, values }) => ({
      federator: name,
      metric,
      labels,
      samples: values.map(([seconds, value]) => [seconds * 1000, Number(value)] as const),
    }));
  });
  return (await Promise.all(answers)).flat();
}

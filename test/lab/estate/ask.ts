/** One series of an answer: its labels and its value now. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Asks a Prometheus at `address:port`. */
export async function query(server: string, expression: string): Promise<readonly Sample[]> {
  const url = `http://${server}/api/v1/query?query=${encodeURIComponent(expression)}`;
  const { data } = (await (await fetch(url, { signal: AbortSignal.timeout(5000) })).json()) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** The one value of an expression, NaN where there is none. */
export async function numberOf(server: string, expression: string): Promise<number> {
  const samples = await query(server, expression);
  return samples.length === 1 ? samples[0]!.value : Number.NaN;
}

/** The JSON that a URL answers. */
export async function json(url: string, init: RequestInit = {}): Promise<unknown> {
  return (await fetch(url, { signal: AbortSignal.timeout(5000), ...init })).json();
}

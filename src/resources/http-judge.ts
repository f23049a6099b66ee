import type { HttpAnswer, HttpWant } from './step.ts';

/** How an answer says that nobody listens at the address. */
export const refused = 'connection refused';

/**
 * Why an answer is not what is wanted, as half a sentence (`answers 503, not 200`); undefined when it is. The first
 * part that fails speaks: status, then body, then JSON values in the order they are given.
 */
export function judge(answer: HttpAnswer, want: HttpWant): string | undefined {
  if (answer.status === undefined && answer.error === refused && want.unlessRefused) return undefined;
  if (answer.status === undefined) return `no answer: ${answer.error}`;
  if (!want.status.includes(answer.status)) return `answers ${answer.status}, not ${want.status.join(' or ')}`;
  if (want.contains !== undefined && !answer.body.includes(want.contains)) {
    return `the body does not contain ${JSON.stringify(want.contains)}`;
  }
  if (want.lacks !== undefined && answer.body.includes(want.lacks)) {
    return `the body contains ${JSON.stringify(want.lacks)}`;
  }
  const wrong = want.json === undefined ? undefined : judgeJson(answer.body, want.json);
  return wrong ?? judgeShared(answer, want) ?? (want.rises && judgeRise(answer, want.rises));
}

type Answered = Extract<HttpAnswer, { readonly status: number }>;

function judgeShared({ body, beside }: Answered, { includes, status }: HttpWant): string | undefined {
  if (includes === undefined) return undefined;
  const wrong = beside === undefined ? 'not asked yet' : judge(beside, { status });
  if (beside?.status === undefined || wrong !== undefined) return `the other page: ${wrong}`;
  const [here, there] = [parsed(body), parsed(beside.body)];
  if (here === undefined || there === undefined) return `${here === undefined ? 'the' : 'the other'} body is no JSON`;
  const { path, among } = includes;
  const own = new Set(valuesAt(here.root, path).map(canonical));
  const counts = among === undefined ? undefined : new Set(valuesAt(here.root, among).map(canonical));
  const wanted = new Set(valuesAt(there.root, path).map(canonical));
  const missing = [...wanted].filter((value) => !own.has(value) && counts?.has(value) !== false);
  return missing.length === 0 ? undefined : `${path} lacks what the other page has: ${few(missing)}`;
}

function few(values: readonly string[]): string {
  return values.slice(0, 3).join(', ') + (values.length > 3 ? ` and ${values.length - 3} more` : '');
}

function judgeRise({ body, earlier }: Answered, { metric, series }: NonNullable<HttpWant['rises']>) {
  if (earlier === undefined) return 'there is no earlier answer to compare with';
  const [before, now] = [seriesOf(earlier, metric), seriesOf(body, metric)];
  // One that is lower than before has begun anew since.
  const risen = [...now].filter(([name, value]) => value > 0 && value !== before.get(name)).length;
  return risen >= series ? undefined : `${metric} rises in ${risen} of ${series} series`;
}

/** The series of a metric on a page of metrics: labels as they stand there → value. */
function seriesOf(page: string, metric: string): ReadonlyMap<string, number> {
  return new Map(
    page.split('\n').flatMap((line) => {
      const rest = line.startsWith(metric) ? line.slice(metric.length) : '';
      const [, labels, value] = /^(\{.*\})? +(\S+)/.exec(rest) ?? [];
      return value === undefined ? [] : [[labels ?? '', Number(value)] as const];
    }),
  );
}

function parsed(body: string): { readonly root: unknown } | undefined {
  try {
    return { root: JSON.parse(body) as unknown };
  } catch {
    return undefined;
  }
}

function judgeJson(body: string, want: Readonly<Record<string, unknown>>): string | undefined {
  const read = parsed(body);
  if (read === undefined) return 'the body is no JSON';
  const { root } = read;
  for (const [path, wanted] of Object.entries(want)) {
    const found = valuesAt(root, path);
    if (path.includes('[]') && Array.isArray(wanted)) {
      const [is, must] = [sorted(found), sorted(wanted)];
      if (is !== must) return `${path} are ${is}, not ${must}`;
      continue;
    }
    // "Every element" of nothing would hold for a server that has not read its configuration yet.
    if (found.length === 0) return `${path} is an empty list`;
    const wrong = found.find((value) => canonical(value) !== canonical(wanted));
    if (found.some((value) => value === undefined)) return `${path} is not in the body`;
    if (wrong !== undefined) return `${path} is ${canonical(wrong)}, not ${canonical(wanted)}`;
  }
  return undefined;
}

/** A list as a set: the order in which a server lists its members means nothing. */
function sorted(values: readonly unknown[]): string {
  return `[${values.map(canonical).sort().join(', ')}]`;
}

/**
 * What stands at a dotted path; `[]` goes into every element, `[key=value]` into those that have the value at the path
 * `key`, a number into that one, and `{a,b}` takes these keys; undefined where nothing does.
 */
function valuesAt(root: unknown, path: string): readonly unknown[] {
  let found: readonly unknown[] = [root];
  for (const part of path.match(/\[[^\]]*\]|\{[^}]*\}|[^.[{]+/g) ?? []) {
    if (part.startsWith('[')) {
      const elements = found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [undefined]));
      found = elements.filter((element) => isChosen(element, part.slice(1, -1)));
    } else if (part.startsWith('{')) {
      const keys = part.slice(1, -1).split(',');
      found = found.map((value) => Object.fromEntries(keys.map((key) => [key.trim(), member(value, key.trim())])));
    } else {
      found = found.map((value) => member(value, part));
    }
  }
  return found;
}

/** Whether an element has what stands between the brackets of a path. */
function isChosen(element: unknown, choice: string): boolean {
  const [key, value] = choice.split(/=(.*)/s);
  return value === undefined || valuesAt(element, key!).some((one) => String(one) === value);
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** JSON with sorted keys, so that equal values are equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

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
  return want.json === undefined ? undefined : judgeJson(answer.body, want.json);
}

function judgeJson(body: string, want: Readonly<Record<string, unknown>>): string | undefined {
  let root: unknown;
  try {
    root = JSON.parse(body);
  } catch {
    return 'the body is no JSON';
  }
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

/** What stands at a dotted path; `[]` goes into every element, a number into that one; undefined where nothing does. */
function valuesAt(root: unknown, path: string): readonly unknown[] {
  let found: readonly unknown[] = [root];
  for (const part of path.split(/\.|(?=\[\])/)) {
    if (part === '[]') found = found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [undefined]));
    else if (part !== '') found = found.map((value) => member(value, part));
  }
  return found;
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

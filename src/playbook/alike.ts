/** `now`, with `before` in place of whatever in it is the same, so that what many hosts have alike is there once. */
export function alike<T>(before: unknown, now: T): T {
  if (Object.is(before, now)) return before as T;
  if (Array.isArray(now)) return (Array.isArray(before) ? alikeList(before, now) : now) as T;
  return isPlain(before) && isPlain(now) ? (alikeMap(before, now) as T) : now;
}

function alikeList(before: readonly unknown[], now: readonly unknown[]): readonly unknown[] {
  const items = now.map((one, index) => alike(before[index], one));
  return items.length === before.length && items.every((one, index) => one === before[index]) ? before : items;
}

/** The order of keys counts too: a template may go through them. */
function alikeMap(before: Plain, now: Plain): Plain {
  const result: Record<string, unknown> = { ...now };
  const names = Object.keys(before);
  let position = 0;
  let same = true;
  for (const key of Object.keys(result)) {
    const one = alike(before[key], result[key]);
    result[key] = one;
    same &&= names[position++] === key && Object.is(one, before[key]);
  }
  return same && position === names.length ? before : result;
}

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

import { secondsOf } from '../duration.ts';

/** A stretch of time that an expression looks at. */
export interface Reach {
  /** As it is written: `[1h]`, `[1h] offset 1d`. */
  readonly text: string;
  /** Seconds from now to its far end. */
  readonly seconds: number;
}

const OFFSET = String.raw`(?:\s*@\s*\S+)?(?:\s*offset\s+(-?)\s*([0-9a-z.]+))?`;

/** The ranges and offsets of an expression, each on its own: a subquery's inner ranges are not added to it. */
export function reachesOf(expression: string): readonly Reach[] {
  const bare = withoutTexts(expression);
  const ranges = [...bare.matchAll(new RegExp(String.raw`\[\s*([0-9a-z.]+)\s*(?::[^\]]*)?\]${OFFSET}`, 'g'))];
  const offsets = [...bare.matchAll(/\boffset\s+(-?)\s*([0-9a-z.]+)/g)];
  return [
    ...ranges.map(([text, range, sign, offset]) => ({
      text,
      seconds: seconds(range!) + (offset === undefined || sign === '-' ? 0 : seconds(offset)),
    })),
    ...offsets.map(([text, sign, offset]) => ({ text, seconds: sign === '-' ? 0 : seconds(offset!) })),
  ];
}

/** A window over which a rate is taken. */
export interface Window {
  /** `rate`, `increase`, … */
  readonly name: string;
  /** As it is written: `1m`. */
  readonly text: string;
  readonly seconds: number;
}

/** The windows of rates in an expression. */
export function rateWindows(expression: string): readonly Window[] {
  const bare = withoutTexts(expression);
  return [...bare.matchAll(/\b(rate|increase|delta|deriv)\s*(?=\()/g)].flatMap((found) => {
    const body = inParentheses(bare, found.index + found[0].length);
    const range = /\[\s*([0-9a-z.]+)\s*\]/.exec(body)?.[1];
    return range === undefined ? [] : [{ name: found[1]!, text: range, seconds: seconds(range) }];
  });
}

/** Prefixes of metrics that the estate's own services show: federators read them at first hand, and once. */
const AT_FIRST_HAND = /^(alertmanager|prometheus|pushgateway)_|^ALERTS(_FOR_STATE)?$|:/;
const OWN_JOBS = /\bjob\s*=~?\s*["'](federator|alertmanager|scraper|federate|pushgateway|vip)\b/;
const WORDS = /^(by|without|on|ignoring|group_left|group_right|and|or|unless|offset|bool|inf|nan|start|end)$/i;

/**
 * The aggregations of an expression that see both of a pair where they should see one: `sum`, `count` and the like over
 * series that nothing has collapsed before (`max without (scraper)`, a recording rule, a matcher on `scraper`).
 */
export function doubledAggregations(expression: string): readonly string[] {
  const bare = withoutTexts(expression);
  const found = bare.matchAll(
    /\b(sum|count|stddev|stdvar|topk|bottomk|quantile)\b\s*((?:by|without)\s*\([^)]*\))?\s*(?=\()/g,
  );
  return [...found].flatMap((one) => {
    const start = one.index + one[0].length;
    const body = inParentheses(bare, start);
    const after = /^\s*(?:by|without)\s*\([^)]*\)/.exec(bare.slice(start + body.length))?.[0] ?? '';
    const written = expression.slice(start, start + body.length);
    const collapsed = /\b(max|min|avg)\b\s*(by|without|\()/.test(body) || /\bscraper\b/.test(body + one[0] + after);
    if (collapsed || OWN_JOBS.test(written)) return [];
    return metricsOf(body).every((name) => AT_FIRST_HAND.test(name)) ? [] : [one[1]!];
  });
}

/** Names of metrics; `{…}` without a name counts as one without a name. */
function metricsOf(bare: string): readonly string[] {
  const plain = bare
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/gi, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/(?:(?<![\w:])([A-Za-z_:][\w:]*))?\s*\{[^}]*\}/g, (_, name: string | undefined) => ` ${name ?? '_'} `);
  return [...plain.matchAll(/(?<![\w.:])[A-Za-z_:][\w:]*(?!\s*\()(?![\w:])/g)]
    .map(([name]) => name)
    .filter((name) => !WORDS.test(name));
}

/** The text from an opening parenthesis to the one that closes it. */
function inParentheses(text: string, start: number): string {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '(') depth++;
    else if (text[index] === ')' && --depth === 0) return text.slice(start, index + 1);
  }
  return text.slice(start);
}

/** An expression whose texts and comments are blanks of the same length. */
function withoutTexts(expression: string): string {
  return expression.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*/g, (text) => ' '.repeat(text.length));
}

/** Since Prometheus 3 a range may be a plain number of seconds. */
function seconds(range: string): number {
  return /^[0-9.]+$/.test(range) ? Number(range) : secondsOf(range) || 0;
}

import fc from 'fast-check';

/** Texts that have broken parsers, shells and regular expressions before. */
const nasty: readonly string[] = [
  "'",
  '"',
  '`',
  '\\',
  '$(id)',
  '${x}',
  '{{',
  '}}',
  '{{ x }}',
  '{%',
  '%}',
  '{#',
  '{% for a in b %}',
  '{{ [] | first }}',
  '{{ 1 / 0 }}',
  '{{ "x" * 99999999 }}',
  '{{ range(999999999) | list }}',
  ': ',
  '- ',
  '? ',
  '| ',
  '>-\n',
  '&a ',
  '*a',
  '<<: *a',
  '!!binary x',
  '!vault |\n',
  '!!python/object:os.system ',
  '---\n',
  '...\n',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '\0',
  '\u001b[31m',
  '\u2028',
  '\ufeff',
  '\ud800',
  '𝄞é\u0301',
  '[01:99]',
  '[1:999999999]',
  '[z:a]',
  '[a:z:0]',
  '[',
  ']',
  '{',
  '}',
  '[[[[[[[[',
  '{a: {a: {a: {a: ',
  '#',
  '%',
  '=',
  ',',
  '@',
  '-',
  '--',
  '~',
  'null',
  'true',
  'yes',
  '0',
  '-1',
  '0777',
  '1e999',
  '.nan',
  '99999999999999999999',
  '2024-13-45',
  '12:30:45',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '__proto__: {a: 1}',
  '../../../etc/passwd',
  '/',
  'a'.repeat(5000),
  ' '.repeat(3000),
  '(a+)+$'.repeat(20),
  '"'.repeat(999),
  '['.repeat(2000),
  '{{ '.repeat(500),
  '- '.repeat(1000),
  '10.0.0.0/99',
  '::1',
  '999.999.999.999',
  '\u0000omit\u0000',
];

type Edit =
  | { readonly do: 'insert' | 'replace'; readonly at: number; readonly length: number; readonly text: string }
  | { readonly do: 'delete' | 'repeat' | 'cut'; readonly at: number; readonly length: number }
  | { readonly do: 'swap'; readonly at: number; readonly with: number };

const at = fc.double({ min: 0, max: 1, noNaN: true });
const length = fc.nat({ max: 60 });
const bad = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...nasty) }, fc.string({ unit: 'binary', maxLength: 8 }));

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ do: fc.constantFrom('insert', 'replace'), at, length, text: bad }),
  fc.record({ do: fc.constantFrom('delete', 'repeat', 'cut'), at, length }),
  fc.record({ do: fc.constant('swap'), at, with: at }),
);

/** A few edits, to be made to any text that was valid. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { minLength: 1, maxLength: 4 });

/** The text with the edits made to it: where is a share of its length, so that they fit any text. */
export function mutated(text: string, all: readonly Edit[]): string {
  return all.reduce(edited, text);
}

function edited(now: string, one: Edit): string {
  const from = Math.floor(one.at * now.length);
  switch (one.do) {
    case 'insert':
      return now.slice(0, from) + one.text + now.slice(from);
    case 'replace':
      return now.slice(0, from) + one.text + now.slice(from + one.length);
    case 'delete':
      return now.slice(0, from) + now.slice(from + one.length);
    case 'repeat':
      return now.slice(0, from) + now.slice(from, from + one.length).repeat(20) + now.slice(from);
    case 'cut':
      return now.slice(0, from);
    case 'swap': {
      const lines = now.split('\n');
      const [a, b] = [one.at, one.with].map((share) => Math.min(lines.length - 1, Math.floor(share * lines.length)));
      [lines[a!], lines[b!]] = [lines[b!]!, lines[a!]!];
      return lines.join('\n');
    }
  }
}

const long = Number(process.env['HADEPLOY_FUZZ_RUNS'] ?? 0);
/** Whether this is the long form. */
export const isLong = long > 0;

/** How a property runs: for about a second, or so often as HADEPLOY_FUZZ_RUNS says, then each time with another seed; what is slow takes a `share` of them. */
export function runs(share = 1): fc.Parameters<unknown> {
  if (isLong) return { numRuns: Math.ceil(long / share), seed: Date.now() & 0x7fffffff };
  return { numRuns: 100_000, interruptAfterTimeLimit: 1000, markInterruptAsFailure: false };
}

/** Milliseconds of a processor that one input may take at most: more is a hang. */
const mostMs = 15_000;

/** Runs the work, which must come to an end soon. */
export function soon<T>(work: () => T): T {
  const start = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(start);
  const took = (user + system) / 1000;
  if (took > mostMs) throw new Error(`took ${Math.round(took)} ms`);
  return value;
}

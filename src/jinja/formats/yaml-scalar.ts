/** How a scalar may be written. */
export interface ScalarAnalysis {
  readonly isMultiline: boolean;
  readonly plainInFlow: boolean;
  readonly plainInBlock: boolean;
  readonly singleQuoted: boolean;
}

/** Text that YAML 1.1 would read as something other than text, unless it is quoted. */
const OTHER_TYPES = [
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/,
  /^(?:[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  /^(?:<<|=|[!&*]|~|null|Null|NULL|)$/,
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$/,
];

/** Whether a text would be read as text if it stood without quotes. */
export function readsAsText(text: string): boolean {
  return !OTHER_TYPES.some((pattern) => pattern.test(text));
}

const BREAK = /[\r\n\x85\u2028\u2029]/;
const BLANK = /[ \t\r\n\x85\u2028\u2029]/;

/** Whether a character may stand in the stream as it is; the C library writes those beyond the BMP as escapes. */
function isPrintable(char: string): boolean {
  return /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/.test(char);
}

export function isBreak(char: string | undefined): boolean {
  return char !== undefined && BREAK.test(char);
}

/** What can be said about a scalar before its style is chosen. */
export function analyze(chars: readonly string[]): ScalarAnalysis {
  if (chars.length === 0) return { isMultiline: false, plainInFlow: false, plainInBlock: true, singleQuoted: true };
  const text = chars.join('');
  const isMultiline = BREAK.test(text);
  const special = chars.some((char) => !isPrintable(char) || char === '\t');
  const spaceThenBreak = / [\r\n\x85\u2028\u2029]/.test(text);
  const breakThenSpace = /[\r\n\x85\u2028\u2029] /.test(text);
  const edge = /^[ \r\n\x85\u2028\u2029]|[ \r\n\x85\u2028\u2029]$/.test(text);
  const indicators = findIndicators(chars, text);
  const plain = !edge && !breakThenSpace && !spaceThenBreak && !special && !isMultiline;
  return {
    isMultiline,
    plainInFlow: plain && !indicators.flow,
    plainInBlock: plain && !indicators.block,
    singleQuoted: !breakThenSpace && !spaceThenBreak && !special,
  };
}

/** Whether characters with a meaning in YAML stand where they would be read so. */
function findIndicators(chars: readonly string[], text: string): { flow: boolean; block: boolean } {
  let flow = text.startsWith('---') || text.startsWith('...');
  let block = flow;
  for (const [index, char] of chars.entries()) {
    const following = chars[index + 1];
    const beforeSpace = following === undefined || BLANK.test(following);
    const afterSpace = index === 0 || BLANK.test(chars[index - 1]!);
    const both =
      (index === 0 && '#,[]{}&*!|>\'"%@`'.includes(char)) ||
      (index === 0 && char === '-' && beforeSpace) ||
      (char === '#' && afterSpace);
    const inFlow = ':?'.includes(char) || (index > 0 && ',[]{}'.includes(char));
    flow ||= both || inFlow;
    block ||= both || (beforeSpace && (char === ':' || (index === 0 && char === '?')));
  }
  return { flow, block };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** A character as an escape of a double-quoted scalar, where it needs one. */
export function escapeOf(char: string): string | undefined {
  if (isPrintable(char) && !isBreak(char) && char !== '"' && char !== '\\') return undefined;
  const known = ESCAPES[char];
  if (known !== undefined) return `\\${known}`;
  const hex = char.codePointAt(0)!.toString(16).toUpperCase();
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

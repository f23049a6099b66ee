import { trim } from './text-parts.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const PREFIXES: Readonly<Record<string, number>> = { '0x': 16, '0o': 8, '0b': 2 };

/** A whole number in this base as Python's `int(text, base)` reads it, or undefined. */
export function parseInteger(text: string, base: number): bigint | undefined {
  if (base !== 0 && (base < 2 || base > 36)) return undefined;
  const parts = /^([+-]?)(0[xXoObB])?(_?[0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)$/.exec(trim(text));
  if (parts === null) return undefined;
  const [, sign, prefix, written = ''] = parts;
  const given = prefix === undefined ? undefined : PREFIXES[prefix.toLowerCase()];
  const prefixCounts = given !== undefined && (base === 0 || base === given);
  const radix = base === 0 ? (given ?? 10) : base;
  const digits = ((prefix !== undefined && !prefixCounts ? prefix : '') + written).replaceAll('_', '').toLowerCase();
  if (written.startsWith('_') && !prefixCounts) return undefined;
  if (base === 0 && given === undefined && /^0+[1-9]/.test(digits)) return undefined;
  let value = 0n;
  for (const digit of digits) {
    const amount = DIGITS.indexOf(digit);
    if (amount === -1 || amount >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(amount);
  }
  return sign === '-' ? -value : value;
}

/** A float as Python's `float(text)` reads it, or undefined. */
export function parseFloatText(text: string): number | undefined {
  const word = trim(text).toLowerCase();
  if (/^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/.test(word)) {
    return Number(word.replaceAll('_', ''));
  }
  if (/^[+-]?(?:inf|infinity)$/.test(word))
    return word.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[+-]?nan$/.test(word) ? Number.NaN : undefined;
}

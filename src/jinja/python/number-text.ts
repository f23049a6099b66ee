import { valueFailure } from '../fault.ts';

/** Most digits after the point: as many as JavaScript works out exactly. */
const MAX_DIGITS = 100;

function bounded(digits: number): number {
  if (digits > MAX_DIGITS) throw valueFailure(`A number is written with at most ${MAX_DIGITS} digits after the point.`);
  return digits;
}

/** A number with this many digits after the point; exact halves go to the even digit, as in Python. */
export function fixed(value: number, digits: number): string {
  const special = notFinite(value);
  if (special !== undefined) return special;
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  const shown = bounded(digits);
  const rounded = halfToEven(value.toFixed(shown), value.toFixed(Math.min(MAX_DIGITS, shown + 60)), value < 0);
  return (Object.is(value, -0) ? '-' : '') + rounded;
}

/** A number in exponent notation with this many digits after the point. */
export function exponential(value: number, digits: number): string {
  const special = notFinite(value);
  if (special !== undefined) return special;
  const shown = bounded(digits);
  const [exact] = value.toExponential(MAX_DIGITS).split('e') as [string];
  const [rounded, power] = value.toExponential(shown).split('e') as [string, string];
  const mantissa = halfToEven(rounded, exact, value < 0);
  const exponent = Number(power);
  const sign = Object.is(value, -0) ? '-' : '';
  return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A number with this many significant digits, without an exponent where it is short enough. */
export function general(value: number, digits: number, keepZeros: boolean): string {
  const special = notFinite(value);
  if (special !== undefined) return special;
  const precision = digits === 0 ? 1 : digits;
  const scientific = exponential(value, precision - 1);
  const exponent = Number(scientific.split('e')[1]);
  if (exponent >= -4 && exponent < precision) {
    const plain = fixed(value, precision - 1 - exponent);
    return keepZeros ? plain : withoutZeros(plain);
  }
  const [mantissa, power] = scientific.split('e') as [string, string];
  return `${keepZeros ? mantissa : withoutZeros(mantissa)}e${power}`;
}

function notFinite(value: number): string | undefined {
  if (Number.isNaN(value)) return 'nan';
  if (Number.isFinite(value)) return undefined;
  return value < 0 ? '-inf' : 'inf';
}

/** Without the zeros at the end of a fraction. */
export function withoutZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

/** JavaScript rounds an exact half away from zero; Python takes the even neighbour. */
function halfToEven(rounded: string, exact: string, negative: boolean): string {
  const shown = rounded.replace(/^-/, '');
  const full = exact.replace(/^-/, '');
  const sign = negative ? '-' : '';
  const tail = full.slice(shown.length).replace('.', '');
  const cut = full.slice(0, shown.length);
  if (!/^50*$/.test(tail) || cut === shown || /[13579]\.?$/.test(cut)) return sign + shown;
  return sign + cut;
}

/** With a decimal point even where no digits follow it, if that is asked for. */
export function pointed(text: string, keepPoint: boolean): string {
  return keepPoint && !text.includes('.') ? text.replace(/^-?\d+/, '$&.') : text;
}

/** Digits in groups of this size, counted from the right. */
export function grouped(digits: string, separator: string, size: number): string {
  const sign = digits.startsWith('-') ? '-' : '';
  const plain = digits.slice(sign.length);
  const first = plain.length % size;
  const groups = plain.slice(first).match(new RegExp(`.{${size}}`, 'g')) ?? [];
  return sign + [plain.slice(0, first), ...groups].filter((group) => group !== '').join(separator);
}

/** Fills a number to a width, between its sign (and prefix such as 0x) and its digits. */
export function zeroFilled(text: string, width: number): string {
  const sign = /^[+\- ]?(0[xXoObB])?/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(Math.max(0, width - text.length)) + text.slice(sign.length);
}

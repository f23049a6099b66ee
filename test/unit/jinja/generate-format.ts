import type { Chance } from './chance.ts';

const NUMBERS = [
  '0',
  '1',
  '-1',
  '5',
  '42',
  '-17',
  '255',
  '1234567',
  '0.0',
  '1.0',
  '-0.0',
  '0.5',
  '1.5',
  '2.5',
  '0.125',
  '2.675',
  '1e-5',
  '0.0001',
  '123456.789',
  '1e15',
  '1e16',
  '1e22',
  '-1e-10',
  '9.995',
  '0.1',
  '1/3',
  '2/3',
  '1e100',
  'true',
  '2**64',
  '-2**70',
  '100.0',
  '1e6',
  '1048576',
  '(0.1+0.2)',
  '1.005',
  '0.045',
  '8.5',
  '7.5e-7',
] as const;

const TEXTS = [
  '12',
  ' 7 ',
  '0x1f',
  '0b11',
  '0o17',
  '1_000',
  '-5',
  '+3',
  '1e3',
  '4.7',
  '-4.7',
  '',
  'abc',
  '0x',
  '1__0',
  '1.',
  '.5',
  '007',
  '--1',
  '12abc',
  'z',
] as const;

/** An expression that formats, rounds, converts or computes with numbers. */
export function formatExpression(chance: Chance): string {
  const pick = <T>(choices: readonly T[]): T => choices[chance(choices.length)]!;
  const maybe = (...choices: readonly string[]): string => (chance(2) === 0 ? '' : pick(choices));
  const number = (): string => pick(NUMBERS);
  const value = (): string => (chance(4) === 0 ? pick(["'abc'", "''", "'é😀'", 'none', '[1]', "'%'"]) : number());
  const precision = (): string => maybe('.0', '.1', '.2', '.5', '.10');
  return pick([
    () =>
      `'%${maybe('-', '+', '0', ' ', '-0', '+0')}${maybe('5', '10', '2')}${precision()}${pick([...'diusrxXofFeEgGa'])}|' % ${value()}`,
    () => `'%s %s' % (${value()}, ${value()})`,
    () => `'%*.*f' % (${pick(['5', '-8', '0'])}, ${pick(['1', '2', '0'])}, ${number()})`,
    () =>
      `'{:${maybe('*<', '>', '^', '_^', '=', '<')}${maybe('+', '-', ' ')}${maybe('5', '12', '20')}${maybe(',', '_')}${precision()}${maybe(...'dfFeEgGxXobs%')}}|'.format(${value()})`,
    () => `'{:${maybe('+', '#')}${pick(['05', '012', '020'])}${maybe('d', 'x', 'b')}}|'.format(${value()})`,
    () => `${number()} | round(${pick(['0', '1', '2', '3', '5', '-1', '-2', '15'])}${maybe(", 'ceil'", ", 'floor'")})`,
    () => number(),
    () =>
      `${number()} | ${pick(['int', 'float', 'string', 'abs', 'filesizeformat', 'filesizeformat(true)', 'tojson', 'pprint'])}`,
    () => `${number()} ${pick(['+', '-', '*', '/', '//', '%'])} ${number()}`,
    () => `${number()} ${pick(['<', '==', '>=', '!='])} ${number()}`,
    () =>
      `'${pick(TEXTS)}' | ${pick(['int', 'float', 'int(-1)', 'int(base=16)', 'int(0, 0)', 'int(0, 2)', 'int(0, 8)', 'float(2.5)', 'int(0, 36)'])}`,
  ])();
}

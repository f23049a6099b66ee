import { InvalidArgumentError } from 'commander';

/** What commas separate, of an option that may be repeated. */
export function list(value: string, before: readonly string[]): readonly string[] {
  return [...before, ...value.split(',').map((one) => one.trim())].filter((one) => one !== '');
}

/** All values of an option that may be repeated. */
export function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** A whole number above 0. */
export function count(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError(`${value} is not a whole number above 0.`);
  return number;
}

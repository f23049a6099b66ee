import { valueFailure } from '../fault.ts';

/** Longest text a template may make: 64 Mi characters. */
const MAX_SIZE = 64 * 1024 * 1024;

/** Longest list a template may make by repetition or combination. */
const MAX_ITEMS = 1_000_000;

/** Deepest nesting of macro calls, recursive loops and includes. */
export const MAX_DEPTH = 150;

/** Most rounds of loops and calls of macros in one rendering: more never comes to an end that anybody waits for. */
export const MAX_ROUNDS = 1_000_000;

/** Deepest nesting of brackets and blocks in the text of a template. */
export const MAX_NESTING = 200;

/** Most numbers that `range()` gives, as in Jinja2's sandbox. */
export const MAX_RANGE = 100_000;

/** Stops before a list becomes longer than a template may make. */
export function boundItems(count: number): void {
  if (count > MAX_ITEMS) throw valueFailure(`The list would be longer than ${MAX_ITEMS} items.`);
}

/** Stops before a text becomes larger than a template may make. */
export function boundSize(size: number): void {
  if (size > MAX_SIZE) throw valueFailure(`The result would be larger than ${MAX_SIZE} characters.`);
}

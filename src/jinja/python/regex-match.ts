import { createContext, Script } from 'node:vm';
import { valueFailure } from '../fault.ts';

/** Longest time that one search may take, in milliseconds: what finds its matches at all does so in a fraction of it. */
const MAX_MS = 1000;

const script = new Script('work()');
const context: { work: () => unknown } = { work: () => undefined };
let watched: typeof context | undefined;

/** The first match of a regular expression in a text; fails instead of searching for ever. */
export function firstMatch(regex: RegExp, text: string): RegExpExecArray | null {
  return bounded(regex, () => regex.exec(text));
}

/** All matches of a regular expression in a text; fails instead of searching for ever. */
export function allMatches(regex: RegExp, text: string): readonly RegExpExecArray[] {
  return bounded(regex, () => [...text.matchAll(regex)]);
}

/**
 * A pattern such as `(a+)+b` tries every way to cut up a text before it finds that it does not fit, which takes twice as
 * long for each further character. Only Node's contexts can be told to give up midway; entering one takes a tenth of a
 * millisecond, so it is left out where nothing is repeated.
 */
function bounded<T>(regex: RegExp, work: () => T): T {
  if (!/[*+]|(?<!\\[pPu])\{/.test(regex.source)) return work();
  watched ??= createContext(context) as typeof context;
  watched.work = work;
  try {
    return script.runInContext(watched, { timeout: MAX_MS }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw valueFailure(
      `The regular expression finds no end within ${MAX_MS / 1000} s: a repetition of a repetition, as in (a+)+, tries every way to cut up the text.`,
    );
  }
}

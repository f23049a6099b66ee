import { looksOf, Script } from './script.ts';

/** What one probe answered: exit code, and its output as text. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * One script that runs many probes, each in its own subshell with no stdin (a probe that read it would eat the rest),
 * and separates their answers by lines with `mark`: 16 or more random characters that no output can hold by accident.
 * What several of them go by is looked at before, in the shell itself, so that its variables are theirs.
 * The braces make the shell read everything before it runs anything, so a script cut off on its way does nothing.
 */
export function frame(probes: readonly Script[], mark: string): Script {
  const body = probes.map(
    (probe) => `(\n${probe.text}\n) </dev/null\nprintf '\\n%s %s\\n' ${mark} "$?"; printf '\\n%s\\n' ${mark} >&2`,
  );
  const looks = looksOf(probes).map(({ about, ask }) => `{\n${ask(about).text}\n} </dev/null >/dev/null 2>&1`);
  return Script.of(['{', `printf '%s\\n' ${mark}; printf '%s\\n' ${mark} >&2`, ...looks, ...body, '}'].join('\n'));
}

/** The answers of a framed script, or undefined when there are not exactly `count` of them (cut off, or tampered with). */
export function unframe(stdout: string, stderr: string, mark: string, count: number): readonly Answer[] | undefined {
  const outs = afterFirstMark(stdout, mark);
  const errs = afterFirstMark(stderr, mark);
  if (outs === undefined) return undefined;
  const answers: Answer[] = [];
  let rest = outs;
  let restErr = errs ?? '';
  const end = `\n${mark} `;
  for (let i = 0; i < count; i++) {
    const at = rest.indexOf(end);
    const newline = at < 0 ? -1 : rest.indexOf('\n', at + end.length);
    if (newline < 0) return undefined;
    const code = rest.slice(at + end.length, newline);
    if (!/^\d{1,3}$/.test(code)) return undefined;
    const errAt = restErr.indexOf(`\n${mark}\n`);
    answers.push({
      code: Number(code),
      stdout: rest.slice(0, at),
      stderr: errAt < 0 ? restErr : restErr.slice(0, errAt),
    });
    rest = rest.slice(newline + 1);
    restErr = errAt < 0 ? '' : restErr.slice(errAt + mark.length + 2);
  }
  return rest.includes(mark) ? undefined : answers;
}

/** What follows the opening mark: a MOTD or a talkative shell rc may stand before it. */
function afterFirstMark(text: string, mark: string): string | undefined {
  const at = text.indexOf(`${mark}\n`);
  return at < 0 ? undefined : text.slice(at + mark.length + 1);
}

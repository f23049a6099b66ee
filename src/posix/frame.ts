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
  const end = `\n) </dev/null\nprintf '\\n%s %s\\n' ${mark} "$?"; printf '\\n%s\\n' ${mark} >&2\n`;
  const parts = [`{\nprintf '%s\\n' ${mark}; printf '%s\\n' ${mark} >&2\n`];
  for (const { about, ask } of looksOf(probes)) parts.push('{\n', ask(about).text, '\n} </dev/null >/dev/null 2>&1\n');
  for (const { text } of probes) parts.push('(\n', text, end);
  return Script.of(`${parts.join('')}}`);
}

/** The answers of a framed script, or undefined when there are not exactly `count` of them (cut off, or tampered with). */
export function unframe(stdout: string, stderr: string, mark: string, count: number): readonly Answer[] | undefined {
  const outs = afterFirstMark(stdout, mark);
  const errs = afterFirstMark(stderr, mark) ?? '';
  if (outs === undefined) return undefined;
  const answers: Answer[] = [];
  const end = `\n${mark} `;
  const endErr = `\n${mark}\n`;
  let from = 0;
  let fromErr = 0;
  for (let i = 0; i < count; i++) {
    const at = outs.indexOf(end, from);
    const newline = at < 0 ? -1 : outs.indexOf('\n', at + end.length);
    if (newline < 0) return undefined;
    const code = outs.slice(at + end.length, newline);
    if (!/^\d{1,3}$/.test(code)) return undefined;
    const errAt = errs.indexOf(endErr, fromErr);
    const errEnd = errAt < 0 ? errs.length : errAt;
    answers.push({ code: Number(code), stdout: outs.slice(from, at), stderr: errs.slice(fromErr, errEnd) });
    from = newline + 1;
    fromErr = errAt < 0 ? errs.length : errAt + endErr.length;
  }
  return outs.includes(mark, from) ? undefined : answers;
}

/** What follows the opening mark: a MOTD or a talkative shell rc may stand before it. */
function afterFirstMark(text: string, mark: string): string | undefined {
  const at = text.indexOf(`${mark}\n`);
  return at < 0 ? undefined : text.slice(at + mark.length + 1);
}

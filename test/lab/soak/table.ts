import type { Finding } from './measure/finding.ts';
import type { Line, Recording } from './recording.ts';

/** A soak's name as the head of its column, and what was found. */
export interface Column {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** Soaks beside each other as a Markdown table; what missed its goal is marked. */
export function soakTable(columns: readonly Column[]): string {
  const rows = columns[0]!.findings.map(({ measure, goal }) => [
    measure,
    goal,
    ...columns.map(({ findings }) => {
      const one = findings.find((other) => other.measure === measure);
      return one === undefined ? '' : one.found + (goal !== '' && one.misses.length > 0 ? ' ✗' : '');
    }),
  ]);
  const all = [['', 'goal', ...columns.map(({ title }) => title)], ...rows];
  const widths = all[0]!.map((_, index) => Math.max(3, ...all.map((row) => row[index]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, index) => cell.padEnd(widths[index]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(all[0]!), rule, ...all.slice(1).map(line)].join('\n');
}

/** Whether every goal was met. */
export const clean = (findings: readonly Finding[]): boolean => findings.every(({ misses }) => misses.length === 0);

/** Every miss with its second of the roll and what the upgrading program was doing then. */
export function missList(findings: readonly Finding[], { roll, log }: Recording): string {
  return findings
    .filter(({ misses }) => misses.length > 0)
    .map(({ measure, misses }) => {
      const lines = [...misses]
        .sort((left, right) => left.at - right.at)
        .map(({ at, what }) => {
          const second = ((at - roll.from) / 1000).toFixed(1);
          return `  ${second.padStart(7)} s  ${what}\n${' '.repeat(13)}${doing(log, at) || 'before the roll'}`;
        });
      return `${measure}:\n${lines.join('\n')}`;
    })
    .join('\n');
}

/** What the program had last said by a time: its play, and the item it was at. */
function doing(log: readonly Line[], at: number): string {
  const before = log.filter((line) => line.at <= at && line.text.trim() !== '').map(({ text }) => text.trim());
  const play = before.filter((text) => /^play\b/i.test(text)).at(-1);
  const last = before.at(-1);
  return [play, last === play ? undefined : last].filter((text) => text !== undefined).join(' › ');
}

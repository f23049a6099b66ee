import type { Result } from './cell.ts';
import type { Column } from './columns.ts';
import type { Row } from './rows.ts';

/** The matrix as a Markdown table: seconds of a cell that went well, and why some are pointless below it. */
export function faultTable(rows: readonly Row[], columns: readonly Column[], results: readonly Result[]): string {
  const whyNot = (row: Row, column: Column) => column.pointless?.(row);
  const reasons = [...new Set(rows.flatMap((row) => columns.flatMap((column) => whyNot(row, column) ?? [])))];
  const cell = (row: Row, column: Column) => {
    const reason = whyNot(row, column);
    if (reason !== undefined) return `– ${reasons.indexOf(reason) + 1}`;
    const found = results.find((one) => one.row === row.name && one.column === column.name);
    return found === undefined ? '' : `${found.verdict === 'ok' ? '✓' : '✗'} ${Math.round(found.seconds?.all ?? 0)} s`;
  };
  const lines = [
    ['', ...columns.map(({ name }) => name)],
    columns.map(() => '---').concat('---'),
    ...rows.map((row) => [row.name, ...columns.map((column) => cell(row, column))]),
  ];
  const table = lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
  return [table, '', ...reasons.map((reason, index) => `– ${index + 1}: ${reason}`)].join('\n');
}

/** One cell as a line, and what was wrong below it. */
export function cellLine({ row, column, verdict, wrong, code, seconds, pushless }: Result): string {
  const head = `${row} × ${column}`.padEnd(46);
  if (verdict === 'pointless') return `–  ${head} ${wrong[0]}`;
  const spent = `${seconds?.all} s (fault ${seconds?.fault}, next ${seconds?.next})`;
  const line = `${verdict === 'ok' ? '✓' : '✗'}  ${head} code ${code}, ${spent}, ${pushless} ms without a push`;
  return [line, ...wrong.map((one) => `     ${one.replaceAll('\n', '\n     ')}`)].join('\n');
}

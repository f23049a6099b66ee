// `npm run test:faults`: an upgrade of a whole estate in which everything goes wrong at every step, as a table.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { labUnavailable } from '../lab/availability.ts';
import { down } from '../lab/life.ts';
import type { Result } from './cell.ts';
import { type Column, columns } from './columns.ts';
import { runMatrix } from './matrix.ts';
import { type Row, rows } from './rows.ts';
import { cellLine, faultTable } from './table.ts';

const help = `The faults: an upgrade of a whole estate in which everything goes wrong at every step.

  npm run test:faults                                     all of it
  npm run test:faults -- --row "gateway" --column "kill"  the rows and columns that begin so; both may be repeated

  --name LAB   the lab to use, made anew ("faults")
  --keep       leave the lab up
  --more       go on where the last one ended: cells that went well are not tried again

Rows: ${rows.map(({ name }) => name).join(' · ')}
Columns: ${columns.map(({ name }) => name).join(' · ')}

Writes dist/faults/; exit code 1 when a cell went wrong.`;

const folder = 'dist/faults';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      name: { type: 'string', default: 'faults' },
      row: { type: 'string', multiple: true, default: [''] },
      column: { type: 'string', multiple: true, default: [''] },
      keep: { type: 'boolean', default: false },
      more: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    say(help);
    return 0;
  }
  const reason = labUnavailable();
  if (reason !== undefined) {
    say(reason);
    return 3;
  }
  const chosen = <T extends { readonly name: string }>(all: readonly T[], wanted: readonly string[]) => [
    ...new Set(wanted.flatMap((one) => all.filter(({ name }) => name.startsWith(one)))),
  ];
  const asked = { rows: chosen(rows, values.row), columns: chosen(columns, values.column) };
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'faults.json');
  let results: Result[] = values.more && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
  let failed = 0;
  const note = (result: Result) => {
    say(cellLine(result));
    if (result.verdict === 'wrong') failed += 1;
    results = [...results.filter((one) => one.row !== result.row || one.column !== result.column), result];
    writeFileSync(path, JSON.stringify(results));
    writeFileSync(join(folder, 'table.md'), `${faultTable(rows, columns, results)}\n`);
    const name = `${result.row}-${result.column}`.replaceAll(/[^a-z0-9-]+/gi, '_');
    if (result.said.length > 0)
      writeFileSync(join(folder, `${name}.txt`), `${cellLine(result)}\n\n${result.said.join('\n')}`);
  };
  const isKnown = (row: Row, column: Column) =>
    results.some((one) => one.row === row.name && one.column === column.name && one.verdict !== 'wrong');
  try {
    await runMatrix(values.name, asked.rows, asked.columns, { say, note, isKnown });
  } finally {
    if (!values.keep) await down(values.name);
  }
  say(`\n${faultTable(asked.rows, asked.columns, results)}\n\n${failed} cells went wrong.`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main();

import { type Result, runCell } from './cell.ts';
import type { Column } from './columns.ts';
import { bringUp, type Estate } from './estate.ts';
import type { Row } from './rows.ts';

/** Lets every step meet every fault, on one estate; after a cell that went wrong it is repaired, or made anew. */
export async function runMatrix(
  lab: string,
  rows: readonly Row[],
  columns: readonly Column[],
  tell: {
    readonly say: (line: string) => void;
    readonly note: (result: Result) => void;
    /** Whether a cell need not be tried. */
    readonly isKnown: (row: Row, column: Column) => boolean;
  },
): Promise<void> {
  let estate = await bringUp(lab, tell.say);
  try {
    for (const row of rows)
      for (const column of columns) {
        if (tell.isKnown(row, column)) continue;
        const result = await runCell(estate, row, column);
        tell.note(result);
        if (result.verdict === 'wrong' && !(await repaired(estate))) {
          await estate.end();
          estate = await bringUp(lab, tell.say);
        }
      }
  } finally {
    await estate.end();
  }
}

/** Whether the whole estate is well after one apply. */
async function repaired(estate: Estate): Promise<boolean> {
  const ended = await estate.run(['apply', 'inventory', '--yes']).catch(() => undefined);
  return ended?.code === 0;
}

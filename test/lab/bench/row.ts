import type { Measured } from './measure.ts';

/** How often hadeploy has to be faster than somebody, or how many times slower it may be. */
export interface Goal {
  readonly than: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One row of the table: who did the work in what time, and what hadeploy's was to be. */
export interface Row {
  readonly key: string;
  readonly work: string;
  readonly measured: readonly Measured[];
  readonly goals: readonly Goal[];
  /** Further goals, judged where they were measured. */
  readonly others: readonly { readonly what: string; readonly met: boolean }[];
  readonly notes: readonly string[];
}

/** How a goal came out. */
export interface Judged {
  readonly text: string;
  readonly met: boolean;
}

/** The goals of a row, judged by medians; those of who took no part are left out. */
export function judge({ measured, goals, others }: Row): readonly Judged[] {
  const own = measured.find(({ name }) => name === 'hadeploy')?.seconds ?? Number.NaN;
  const against = goals.flatMap(({ than, atLeast, atMost }): readonly Judged[] => {
    const other = measured.find(({ name, runs }) => name === than && runs.length > 0)?.seconds;
    if (other === undefined) return [];
    if (atLeast !== undefined) {
      return [
        { text: `${(other / own).toFixed(1)}× faster than ${than} (≥ ${atLeast}×)`, met: other / own >= atLeast },
      ];
    }
    return [{ text: `${(own / other).toFixed(2)}× ${than} (≤ ${atMost}×)`, met: own / other <= atMost! }];
  });
  return [...against, ...others.map(({ what, met }) => ({ text: what, met }))];
}

/** The rows as a Markdown table; a goal that was missed is marked. */
export function benchTable(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap(({ measured }) => measured.map(({ name }) => name)))];
  const head = ['work', ...names, 'hadeploy is'];
  const body = rows.map((row) => [
    row.work,
    ...names.map((name) => {
      const one = row.measured.find((measured) => measured.name === name);
      return one === undefined || one.runs.length === 0 ? '' : `${one.seconds.toFixed(2)} s`;
    }),
    judge(row)
      .map(({ text, met }) => (met ? text : `${text} ✗`))
      .join('; '),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

import { join } from 'node:path';
import { alternate, type Command, type Measured, succeed } from './measure.ts';
import type { Row } from './row.ts';

/** What rows that need no hosts go by. */
export interface Here {
  readonly folder: string;
  readonly runs: number;
  readonly say: (line: string) => void;
  readonly wants: (key: string) => boolean;
}

/** The rows about how long it takes until something is there to be read. */
export async function startRows({ runs, say, wants }: Here): Promise<readonly Row[]> {
  if (!wants('start')) return [];
  say('Start:');
  const rows: Row[] = [];
  for (const [args, limit] of [
    [['--help'], 150],
    [['lint', 'inventory/lab'], 400],
  ] as const) {
    const own: Command = { argv: [process.execPath, 'bin/hadeploy', ...args] };
    const bare: Command = { argv: [process.execPath, '-e', '0'] };
    const measured = await alternate(
      [
        { name: 'hadeploy', work: () => succeed(own) },
        { name: 'node -e 0', work: () => succeed(bare) },
      ],
      Math.max(runs, 9),
      say,
    );
    const more = 1000 * (measured[0]!.seconds - measured[1]!.seconds);
    rows.push({
      key: 'start',
      work: `start: \`${args.join(' ')}\``,
      measured,
      goals: [],
      others: [{ what: `Node + ${more.toFixed(0)} ms (≤ ${limit} ms)`, met: more <= limit }],
      notes: [],
    });
  }
  return rows;
}

/** What one run of planning in memory tells of itself. */
interface Planned {
  readonly hosts: number;
  /** Processor time. */
  readonly ms: number;
  readonly peakKb: number;
}

/** The rows about planning alone, with hosts that answer from memory. */
export async function planningRows({ folder, runs, say, wants }: Here): Promise<readonly Row[]> {
  if (!wants('planning')) return [];
  say('Planning alone, hosts in memory, 60 resources each:');
  const sizes = [1000, 10_000] as const;
  const found = new Map<number, { readonly measured: Measured; readonly planned: Planned }>();
  for (const size of sizes) {
    const argv = [process.execPath, 'scripts/bench.mjs', '--planning', join(folder, 'planning'), String(size)] as const;
    const [measured] = await alternate(
      [{ name: 'hadeploy', work: () => succeed({ argv: [...argv] }) }],
      Math.min(runs, 3),
      say,
      false,
    );
    const each = measured!.runs.map((one) => JSON.parse(/\{"hosts".*\}/.exec(one.text)![0]) as Planned);
    const planned = [...each].sort((a, b) => a.ms - b.ms)[Math.floor(each.length / 2)]!;
    found.set(size, { measured: measured!, planned });
  }
  const few = found.get(sizes[0])!.planned;
  return sizes.map((size) => {
    const { measured, planned } = found.get(size)!;
    const ms = planned.ms / size;
    const kb = (planned.peakKb - few.peakKb) / (size - few.hosts);
    const growth = ms / (few.ms / few.hosts);
    return {
      key: 'planning',
      work: `planning alone, ${size.toLocaleString('en')} hosts × 60 resources`,
      measured: [measured],
      goals: [],
      others: [
        { what: `${ms.toFixed(2)} ms a host (≤ 2 ms)`, met: ms <= 2 },
        ...(size === few.hosts
          ? []
          : [
              {
                what: `${growth.toFixed(2)}× the time a host of ${few.hosts} hosts (linear: ≤ 1.3×)`,
                met: growth <= 1.3,
              },
              { what: `${kb.toFixed(0)} KB a host (≤ 50 KB)`, met: kb <= 50 },
            ]),
      ],
      notes: [],
    };
  });
}

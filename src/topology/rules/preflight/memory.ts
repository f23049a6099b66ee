import { sh } from '../../../posix/script.ts';
import { plainVariable } from '../cells.ts';
import type { RuleText } from '../rule.ts';
import { hostCheck, linesOf } from './host-check.ts';

interface Memory {
  /** KiB. */
  readonly total?: number;
}

/** What the role of scrapers takes where the host variable `scraper_tmpfs` sets nothing else. */
const DEFAULT_SIZE = '1g';
/** Part of a host's memory that scrapers may fill with their data. */
const SHARE = 0.25;
const KIB: Readonly<Record<string, number>> = { '': 1 / 1024, k: 1, m: 1024, g: 1024 ** 2 };

const tmpfsTooBig: RuleText = {
  code: 'tmpfs-too-big',
  severity: 'warning',
  title: 'The data of scrapers takes a quarter of the memory of its host at the most.',
  why: 'It lies in memory beside the head of the database, which takes as much again: a host that runs out of memory kills what it likes, the other services of the estate too.',
  mend: 'Lower `scraper_tmpfs`, take a host with more memory, or move a pair of scrapers to other hosts.',
  more: `\`scraper_tmpfs\` is ${DEFAULT_SIZE} for each scraper where nothing else is set, and is filled only as far as there are samples: about three hours of them, 1 to 2 bytes each.`,
};

/** How much memory a host has. */
export const memoryCheck = hostCheck<Memory>({
  name: 'preflight_memory',
  rules: [tmpfsTooBig],
  ask: ({ estate }, host) =>
    estate.scrapers.some((one) => one.host === host)
      ? sh`sed -n 's/^MemTotal: *\([0-9]*\) kB$/total \1/p' /proc/meminfo 2>/dev/null; :`
      : undefined,
  parse: (answer) => {
    const total = Number(linesOf(answer, 'total')[0]);
    return total > 0 ? { total } : {};
  },
  judge: ({ total }, { survey: { topology, estate, inventory }, host }) => {
    const here = estate.scrapers.filter((one) => one.host === host);
    const size = plainVariable(inventory, host, 'scraper_tmpfs') ?? DEFAULT_SIZE;
    if (total === undefined || here.length === 0) return [];
    const taken = here.length * sizeOf(size, total);
    if (!(taken > SHARE * total)) return [];
    const names = here.map(({ name }) => name).join(' and ');
    const what = `${names} may take ${percent(taken / total)} of the memory of ${host} (${size} each).`;
    return [{ rule: tmpfsTooBig, what, at: topology.at(['scrapers', here[0]!.cell, 'hosts']) }];
  },
});

/** KiB of a size as tmpfs takes it: `1g`, `512m`, `20%` of the memory; NaN for another text. */
function sizeOf(size: string, total: number): number {
  const [, count, unit] = /^([0-9]+)([kmg%]?)$/i.exec(size) ?? [];
  if (unit === '%') return (Number(count) / 100) * total;
  return Number(count) * (KIB[unit?.toLowerCase() ?? ''] ?? Number.NaN);
}

function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}

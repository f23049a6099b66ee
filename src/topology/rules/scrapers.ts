import { secondsOf } from '../duration.ts';
import type { ExporterGroup, ScraperCell, Topology } from '../topology.ts';
import type { Finding, Rule } from './rule.ts';

/** Each group of targets of each pair. */
function jobs(topology: Topology): readonly (readonly [cell: ScraperCell, group: ExporterGroup])[] {
  return topology.scrapers.flatMap((cell) =>
    topology.exporters.filter(({ name }) => cell.exporters.includes(name)).map((group) => [cell, group] as const),
  );
}

/** Place of the interval that counts for a job: its own, that of its pair, or that of all pairs. */
function intervalPlace(topology: Topology, cell: ScraperCell, group: ExporterGroup) {
  const own = ['scrapers', cell.name, 'interval'];
  if (group.interval !== undefined) return topology.at(['exporters', group.name, 'interval']);
  return topology.at(topology.has(own) || !topology.has(['scrape_interval']) ? own : ['scrape_interval']);
}

const exportersInTwoPairs: Rule = {
  code: 'exporters-in-two-pairs',
  severity: 'error',
  title: 'A group of exporters belongs to one pair of scrapers.',
  why: 'Only the two of a pair are made one in rules: what two pairs scrape is counted twice.',
  mend: 'Take the group out of one of the pairs, or split its targets into two groups.',
  more: 'Rules collapse the label `scraper`, which tells the two of a pair apart. Nothing tells two pairs apart that see the same target, except the pair itself.',
  find: ({ topology }) => {
    const seen = new Map<string, string>();
    return topology.scrapers.flatMap(({ name, exporters }) =>
      exporters.flatMap((group, index): readonly Finding[] => {
        const other = seen.get(group);
        if (other === undefined) seen.set(group, name);
        const at = topology.at(['scrapers', name, 'exporters', index]);
        if (other === name) return [{ what: `${name} names the group "${group}" twice.`, at, mend: 'Remove one.' }];
        return other === undefined ? [] : [{ what: `${other} and ${name} both scrape the group "${group}".`, at }];
      }),
    );
  },
};

const unusedExporters: Rule = {
  code: 'unused-exporters',
  severity: 'warning',
  title: 'Each group of exporters is scraped.',
  why: 'Nobody sees these targets, and no alert says so.',
  mend: 'Name the group under `exporters` of a pair of scrapers, or remove it.',
  more: 'Usually a name that was changed in one of two places.',
  find: ({ topology }) =>
    topology.exporters
      .filter(({ name }) => !topology.scrapers.some(({ exporters }) => exporters.includes(name)))
      .map(({ name }) => ({
        what: `No scrapers scrape the group "${name}".`,
        at: topology.at(['exporters', name], 'key'),
      })),
};

const timeoutOverInterval: Rule = {
  code: 'timeout-over-interval',
  severity: 'error',
  title: 'A timeout is not longer than its interval.',
  why: 'Prometheus refuses such a configuration.',
  mend: 'Shorten the timeout.',
  more: 'A timeout that is not given follows from the interval: for targets the shorter of 10s and the interval, for federators five sixths of it.',
  find: ({ topology }) => [
    ...jobs(topology).flatMap(([cell, group]) => {
      const { name, timeout } = group;
      const interval = group.interval ?? cell.interval;
      if (timeout === undefined || secondsOf(timeout) <= secondsOf(interval)) return [];
      const what = `The timeout of ${name}, ${timeout}, is longer than the interval of ${interval} at which ${cell.name} scrapes it.`;
      return [{ what, at: topology.at(['exporters', name, 'timeout']) }];
    }),
    ...topology.federators.flatMap(({ name, timeout, interval }) => {
      if (secondsOf(timeout) <= secondsOf(interval)) return [];
      const what = `The timeout of ${name}, ${timeout}, is longer than its interval of ${interval}.`;
      return [{ what, at: topology.at(['federators', name, 'timeout']) }];
    }),
  ],
};

/** Seconds for which Prometheus looks back for a sample (--query.lookback-delta). */
const LOOKBACK = 300;

const staleBetweenHops: Rule = {
  code: 'stale-between-hops',
  severity: 'error',
  title: 'One lost scrape at each hop leaves no gap: twice the sum of both intervals is less than 5m.',
  why: 'Samples reach federators as old as they are, and a sample older than 5m does not exist for queries: alerts would flap.',
  mend: 'Shorten the longer of the two intervals; 30s and 30s are good.',
  more: "5m is Prometheus' own --query.lookback-delta, and it bounds both the scraper's /federate and every query of the federator. A sample is up to one interval old when it is federated and up to another when it is queried; one scrape may fail at either hop.",
  find: ({ topology }) =>
    jobs(topology).flatMap(([cell, group]) =>
      topology.federators.flatMap((federator): readonly Finding[] => {
        const interval = group.interval ?? cell.interval;
        const sum = secondsOf(interval) + secondsOf(federator.interval);
        if (2 * sum < LOOKBACK) return [];
        const longer = secondsOf(interval) >= secondsOf(federator.interval);
        const what = `${cell.name} scrapes ${group.name} every ${interval} and ${federator.name} reads that every ${federator.interval}: twice the sum is ${2 * sum}s.`;
        const at = longer
          ? intervalPlace(topology, cell, group)
          : topology.at(['federators', federator.name, 'interval']);
        return [{ what, at }];
      }),
    ),
};

const unusualInterval: Rule = {
  code: 'unusual-interval',
  severity: 'warning',
  title: 'Targets are scraped every 10 to 60 seconds.',
  why: 'More often loads targets and scrapers without showing more; less often comes near to the 5m after which a sample is gone.',
  mend: 'Choose an interval from 10s to 60s.',
  more: 'What takes longer to measure belongs behind a pushgateway, or into an exporter that remembers.',
  find: ({ topology }) =>
    jobs(topology).flatMap(([cell, group]) => {
      const interval = group.interval ?? cell.interval;
      const seconds = secondsOf(interval);
      if (seconds >= 10 && seconds <= 60) return [];
      return [
        { what: `${cell.name} scrapes ${group.name} every ${interval}.`, at: intervalPlace(topology, cell, group) },
      ];
    }),
};

const shortRetention: Rule = {
  code: 'short-retention',
  severity: 'warning',
  title: 'Scrapers keep at least 2h.',
  why: 'A shorter retention has no effect: Prometheus drops data in blocks of two hours.',
  mend: 'Write 2h.',
  more: 'About three hours of samples are in memory with a retention of 2h, so plan for three.',
  find: ({ topology }) =>
    topology.scrapers
      .filter(({ retention }) => secondsOf(retention) < 7200)
      .map(({ name, retention }) => ({
        what: `${name} keeps ${retention}.`,
        at: topology.at(['scrapers', name, 'retention']),
      })),
};

const noSampleLimit: Rule = {
  code: 'no-sample-limit',
  severity: 'warning',
  title: 'A group of exporters has a limit of samples or of size.',
  why: 'Scrapers keep samples in memory: one exporter gone wild fills it, and both of the pair go down together.',
  mend: 'Set `sample_limit`, well above what a target shows now, or `body_size_limit`.',
  more: 'A target above its limit counts as down (up is 0), so it is noticed; nothing else is lost. 20000 samples suit most node exporters with room to spare.',
  find: ({ topology }) =>
    jobs(topology)
      .filter(([, { sample_limit, body_size_limit }]) => sample_limit === undefined && body_size_limit === undefined)
      .map(([, { name }]) => ({
        what: `The group "${name}" has no limit.`,
        at: topology.at(['exporters', name], 'key'),
      })),
};

/** Rules of scrapers and of when they scrape. */
export const scraperRules: readonly Rule[] = [
  exportersInTwoPairs,
  unusedExporters,
  timeoutOverInterval,
  staleBetweenHops,
  unusualInterval,
  shortRetention,
  noSampleLimit,
];

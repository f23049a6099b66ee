import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Relabeling } from '../topology.ts';
import type { Finding, Rule, Survey } from './rule.ts';
import { targetsOf } from './target-files.ts';

const targetTwice: Rule = {
  code: 'target-twice',
  severity: 'error',
  title: 'A pair scrapes no target twice under the same labels.',
  why: 'Two scrapes would write one series: samples are refused, and which of them are kept is chance.',
  mend: 'Remove one of them.',
  more: 'Targets are the same when address, job and labels are. One address in two groups is scraped twice but makes two sets of series, because the name of the group is the job.',
  find: (survey) =>
    survey.topology.exporters.flatMap((group) => {
      const seen = new Map<string, Place>();
      return targetsOf(survey, group).flatMap(({ target, labels, at }): readonly Finding[] => {
        const key = JSON.stringify([target, Object.entries(labels).sort()]);
        const before = seen.get(key);
        if (before === undefined) seen.set(key, at);
        if (before === undefined) return [];
        return [{ what: `The group "${group.name}" has ${target} twice, first at ${before.file}:${before.line}.`, at }];
      });
    }),
};

const vipAsTarget: Rule = {
  code: 'vip-as-target',
  severity: 'error',
  title: 'No shared address is scraped.',
  why: 'It is another server after it has moved: one series from two sources, whose values alternate.',
  mend: "Name the servers' own addresses; the estate's own services need not be named at all.",
  more: 'Federators scrape every pushgateway by the address of its server and keep them apart by the label `pushgateway`; rules make one of them. Shared addresses are for pushers alone.',
  find: (survey) => {
    const cells = new Map(survey.estate.vips.map(({ address, name }) => [address, name]));
    return survey.topology.exporters.flatMap((group) =>
      targetsOf(survey, group).flatMap(({ target, at }) => {
        const cell = cells.get(target.replace(/:[0-9]+$/, ''));
        if (cell === undefined) return [];
        return [{ what: `The group "${group.name}" scrapes ${target}, the shared address of ${cell}.`, at }];
      }),
    );
  },
};

/** Labels by which rules tell instances apart: who scraped, which pair, which federator, which gateway. */
const RESERVED = ['scraper', 'federator', 'pair', 'pushgateway', 'pushgateway_set'];

const reservedLabel: Rule = {
  code: 'reserved-label',
  severity: 'error',
  title: 'Targets and pushes do not bear the labels by which the estate tells its own instances apart.',
  why: 'Such a label is only put where there is none: series that bring it are taken for those of another instance, and are merged or counted twice.',
  mend: 'Name the label otherwise.',
  more: 'These are `scraper`, `federator`, `pair`, `pushgateway` and `pushgateway_set`; where scrapers write to Mimir also `cluster` and `__replica__`, to Thanos also `replica`. Labels of groups, of target files, of relabelings and of groupings are looked at; what targets themselves show is not known here.',
  find: (survey) => {
    const { topology } = survey;
    const groups = topology.exporters.flatMap((group) => {
      const reserved = [...RESERVED, ...reservedByStores(survey, group.name)];
      const path = ['exporters', group.name] as const;
      const own = Object.keys(group.labels).map((name) => ({
        name,
        at: topology.at([...path, 'labels', name], 'key'),
      }));
      const filed = targetsOf(survey, group).flatMap(({ labels, labelAt }) =>
        Object.keys(labels).map((name) => ({ name, at: labelAt(name) })),
      );
      const relabeled = (['relabel', 'metric_relabel'] as const).flatMap((key) =>
        group[key].flatMap((one, index) =>
          labelsMade(one).map((name) => ({ name, at: topology.at([...path, key, index, 'target_label']) })),
        ),
      );
      return onePerPlace([...own, ...filed, ...relabeled])
        .filter(({ name }) => reserved.includes(name))
        .map(({ name, at }) => ({ what: `The group "${group.name}" sets the label "${name}".`, at }));
    });
    const groupings = topology.pushgateways.flatMap((cell) =>
      cell.grouping.flatMap((name, index) =>
        RESERVED.includes(name)
          ? [
              {
                what: `Pushers of ${cell.name} group by the label "${name}".`,
                at: topology.at(['pushgateways', cell.name, 'grouping', index]),
              },
            ]
          : [],
      ),
    );
    return [...groups, ...groupings];
  },
};

function reservedByStores({ topology }: Survey, group: string): readonly string[] {
  return topology.scrapers
    .filter(({ exporters }) => exporters.includes(group))
    .flatMap(({ remote_write }) =>
      remote_write?.kind === 'mimir' ? ['cluster', '__replica__'] : remote_write?.kind === 'thanos' ? ['replica'] : [],
    );
}

/** Labels that a relabeling sets; `labelmap` and the like are not followed. */
function labelsMade({ action = 'replace', target_label: name }: Relabeling): readonly string[] {
  return typeof name === 'string' && ['replace', 'lowercase', 'uppercase', 'hashmod'].includes(String(action))
    ? [name]
    : [];
}

/** The targets of one entry of a file share its labels: each is told once. */
function onePerPlace<T extends { readonly at: Place }>(some: readonly T[]): readonly T[] {
  return [...new Map(some.map((one) => [JSON.stringify(one.at), one])).values()];
}

/** Rules of targets and of their labels. */
export const targetRules: readonly Rule[] = [targetTwice, vipAsTarget, reservedLabel];

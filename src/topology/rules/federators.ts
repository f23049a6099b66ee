import { secondsOf } from '../duration.ts';
import type { FederatorCell, Topology } from '../topology.ts';
import { doubledAggregations, rateWindows, reachesOf } from './promql.ts';
import type { Finding, Rule, Survey } from './rule.ts';
import { type UserRule, userRules } from './rule-files.ts';

/** What a judgement finds in each of the user's rules; files that several federators share are told of once. */
function inRules(
  survey: Survey,
  judge: (rule: UserRule, cell: FederatorCell) => readonly Finding[],
): readonly Finding[] {
  const all = survey.topology.federators.flatMap((cell) =>
    userRules(survey, cell).rules.flatMap((rule) => judge(rule, cell)),
  );
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

const retentionUnderRules: Rule = {
  code: 'retention-under-rules',
  severity: 'error',
  title: 'Federators keep data for as long as any rule looks back, and for 1h at least.',
  why: 'A rule that looks further back than there is data is wrong without a word; and after a restart alerts are remembered from the last hour.',
  mend: 'Raise `retention` of the federators, or shorten the range.',
  more: 'Ranges with their offsets are looked at, and how long alerts wait (`for`). The hour is --rules.alert.for-outage-tolerance: after a longer absence alerts start to wait anew.',
  find: (survey) => {
    const short = survey.topology.federators.filter(({ retention }) => secondsOf(retention) < 3600);
    return [
      ...short.map(({ name, retention }) => ({
        what: `${name} keeps ${retention}, which is less than 1h.`,
        at: survey.topology.at(['federators', name, 'retention']),
      })),
      ...inRules(survey, ({ name, expression, expressionAt, wait, waitAt }, cell) => {
        const kept = secondsOf(cell.retention);
        const far = reachesOf(expression).filter(({ seconds }) => seconds > kept);
        const longWait = wait !== undefined && secondsOf(wait) > kept;
        return [
          ...far.slice(0, 1).map(({ text }) => ({
            what: `The rule ${name} looks further back (${text}) than the ${cell.retention} that ${cell.name} keeps.`,
            at: expressionAt,
          })),
          ...(longWait
            ? [{ what: `The alert ${name} waits for ${wait}, and ${cell.name} keeps ${cell.retention}.`, at: waitAt }]
            : []),
        ];
      }),
    ];
  },
};

const shortFor: Rule = {
  code: 'short-for',
  severity: 'warning',
  title: 'An alert that waits does so for two evaluations at least.',
  why: 'One evaluation that sees nothing (a late sample, a restarted federator) ends the wait: the alert flaps or never fires.',
  mend: 'Raise `for`, or leave it out where the first sight shall do.',
  more: 'Both federators evaluate on their own and the Alertmanagers take whichever speaks last, so an alert near its edge can be firing in one and resolved in the other.',
  find: (survey) =>
    inRules(survey, ({ name, wait, waitAt, interval }) =>
      wait !== undefined && secondsOf(wait) > 0 && secondsOf(wait) < 2 * secondsOf(interval)
        ? [{ what: `The alert ${name} waits for ${wait} and is evaluated every ${interval}.`, at: waitAt }]
        : [],
    ),
};

const hastyEvaluation: Rule = {
  code: 'hasty-evaluation',
  severity: 'warning',
  title: 'Rules are not evaluated more often than samples come in.',
  why: 'They would see the same samples twice: more work for the same answer.',
  mend: 'Raise `evaluation_interval` to the interval of the federators, or leave it out.',
  more: 'Not given, it is the interval at which federators read the scrapers.',
  find: ({ topology }) =>
    topology.federators
      .filter(({ evaluation_interval, interval }) => secondsOf(evaluation_interval) < secondsOf(interval))
      .map(({ name, evaluation_interval, interval }) => ({
        what: `${name} evaluates rules every ${evaluation_interval} and reads samples every ${interval}.`,
        at: topology.at(['federators', name, 'evaluation_interval']),
      })),
};

const shortRateWindow: Rule = {
  code: 'short-rate-window',
  severity: 'warning',
  title: 'Rates are taken over four samples at least.',
  why: 'A rate needs two samples in its window. When one of a pair fails, samples are lost at both hops, and a short window has a hole there.',
  mend: 'Take a longer window.',
  more: 'Samples are as far apart as the longer of two intervals: how often scrapers scrape, and how often federators read them.',
  find: (survey) =>
    inRules(survey, ({ name, expression, expressionAt }, cell) => {
      const between = Math.max(secondsOf(cell.interval), ...scrapeIntervals(survey.topology));
      const short = rateWindows(expression).filter(({ seconds }) => seconds < 4 * between);
      return short.slice(0, 1).map((window) => ({
        what: `The rule ${name} takes ${window.name} over ${window.text}; samples are ${between}s apart.`,
        at: expressionAt,
        mend: `Take a window of ${4 * between}s or more.`,
      }));
    }),
};

/** Intervals of pairs themselves: a group of its own rhythm is known to who writes rules for it. */
function scrapeIntervals({ scrapers }: Topology): readonly number[] {
  return scrapers.map(({ interval }) => secondsOf(interval));
}

const countsBoth: Rule = {
  code: 'counts-both',
  severity: 'warning',
  title: 'A rule makes one of what both scrapers of a pair see, before it adds up or counts.',
  why: 'Every series is there twice, with `scraper="a"` and `scraper="b"`: sums and counts come out doubled, and jump when one of the pair fails.',
  mend: 'Collapse the pair first: sum by (job) (max without (scraper) (rate(x[5m]))).',
  more: 'For gauges `max without (scraper) (x)`, for counters `max without (scraper) (rate(x[5m]))`; then sum, count, topk. Series that carry a colon in their name are taken for collapsed already, metrics of the estate itself (alertmanager_*, prometheus_*) are read once. This reads the expression as text: where it is mistaken, name `scraper` in the clause to tell so.',
  find: (survey) =>
    inRules(survey, ({ name, expression, expressionAt }) =>
      doubledAggregations(expression)
        .slice(0, 1)
        .map((aggregation) => ({
          what: `The rule ${name} takes ${aggregation} over what both scrapers of a pair see.`,
          at: expressionAt,
        })),
    ),
};

/** Selectors that leave out nothing, with all blanks and quotes taken out. */
const EVERYTHING = /^\{(job|__name__|instance)(=~\.[+*]|!=)\}$/;

const hastyFederation: Rule = {
  code: 'hasty-federation',
  severity: 'warning',
  title: 'Federators that read everything take at least 20s for it.',
  why: 'What a scraper holds grows with its targets, and the read that takes too long is lost as a whole.',
  mend: 'Raise `timeout` (and `interval`) of the federators, or read less with `match`.',
  more: "A federated read of a million series takes tens of seconds. Prometheus' own default of 10s is the usual cause of gaps.",
  find: ({ topology }) =>
    topology.federators
      .filter(
        ({ match, timeout }) =>
          match.some((one) => EVERYTHING.test(one.replace(/["'`\s]/g, ''))) && secondsOf(timeout) < 20,
      )
      .map(({ name, timeout }) => ({
        what: `${name} reads everything from scrapers within ${timeout}.`,
        at: topology.at(['federators', name, 'timeout']),
      })),
};

/** Rules of federators and of the rules that they evaluate. */
export const federatorRules: readonly Rule[] = [
  retentionUnderRules,
  shortFor,
  hastyEvaluation,
  shortRateWindow,
  countsBoth,
  hastyFederation,
];

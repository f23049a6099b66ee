import { didYouMean } from '../../diagnostics/suggest.ts';
import { secondsOf } from '../duration.ts';
import { type NotifierConfig, notifierConfigs, type Route, receiversOf, routesOf } from './alertmanager-config.ts';
import type { Finding, Rule, Survey } from './rule.ts';

/** Seconds that each notifier waits for the one before it (--cluster.peer-timeout, as it is where nobody sets it). */
const PEER_TIMEOUT = 15;
/** Alertmanager's own defaults. */
const DEFAULTS = { group_interval: '5m', repeat_interval: '4h' } as const;
/** The alert that always fires; its rule is shipped. */
const WATCHDOG = 'Watchdog';

function configs(survey: Survey): readonly NotifierConfig[] {
  return notifierConfigs(survey).configs;
}

/** Routes where a setting is written, and the outermost one, where its default counts. */
function settingsOf(config: NotifierConfig, name: keyof typeof DEFAULTS) {
  return routesOf(config)
    .filter(({ path, value }) => value[name] !== undefined || path.length === 1)
    .map(({ path, value }) => {
      const text = String(value[name] ?? DEFAULTS[name]);
      return { text, seconds: secondsOf(text), at: config.at([...path, name]) };
    });
}

const slowPeers: Rule = {
  code: 'slow-peers',
  severity: 'warning',
  title: 'Groups of alerts wait for longer than 30s between notifications (`group_interval`).',
  why: 'The second notifier waits 15s, the third 30s, to see whether the first has sent; a new round within that time is sent by more than one.',
  mend: 'Raise `group_interval` above 30s.',
  more: 'The 15s are --cluster.peer-timeout, which is not set.',
  find: (survey) =>
    configs(survey).flatMap((config) =>
      settingsOf(config, 'group_interval')
        .filter(({ seconds }) => seconds <= 2 * PEER_TIMEOUT)
        .map(({ text, at }) => ({ what: `group_interval is ${text}.`, at })),
    ),
};

const beatingIntervals: Rule = {
  code: 'beating-intervals',
  severity: 'warning',
  title: 'The interval of groups (`group_interval`) is no multiple of the one at which rules are evaluated.',
  why: 'Notifications would go out just when alerts change: one that resolves and fires again at that moment is told both ways.',
  mend: 'Add a few seconds to `group_interval`.',
  more: 'Without `group_interval` it is 5m, which is a multiple of most intervals. It is the moment that matters: any remainder does.',
  find: (survey) =>
    configs(survey).flatMap((config) =>
      settingsOf(config, 'group_interval').flatMap(({ text, seconds, at }): readonly Finding[] => {
        const federator = survey.topology.federators.find(
          ({ evaluation_interval }) => seconds % secondsOf(evaluation_interval) === 0,
        );
        if (federator === undefined || seconds === 0) return [];
        const what = `group_interval is ${text}, a multiple of the ${federator.evaluation_interval} at which ${federator.name} evaluates rules.`;
        const more = Math.max(1, Math.floor(secondsOf(federator.evaluation_interval) / 4));
        return [{ what, at, mend: `Write group_interval: ${seconds + more}s.` }];
      }),
    ),
};

const repeatOverRetention: Rule = {
  code: 'repeat-over-retention',
  severity: 'warning',
  title: 'What was notified is remembered for longer than repeat_interval.',
  why: 'A notification that is forgotten is sent again: repeats come early.',
  mend: 'Raise `retention` of the Alertmanagers, or lower `repeat_interval`.',
  more: 'The log of notifications is kept for `retention` (120h when not given); so are silences after their end.',
  find: (survey) =>
    configs(survey).flatMap((config) =>
      settingsOf(config, 'repeat_interval')
        .filter(({ seconds }) => seconds > secondsOf(config.cell.retention))
        .map(({ text, at }) => ({
          what: `repeat_interval is ${text}, and ${config.cell.name} remembers for ${config.cell.retention}.`,
          at,
        })),
    ),
};

const noDeadMansSwitch: Rule = {
  code: 'no-dead-mans-switch',
  severity: 'warning',
  title: 'A route of its own takes the alert that always fires.',
  why: 'When all of the estate is down, nothing in it can tell; only somebody outside who misses that alert can.',
  mend: `Route alertname="${WATCHDOG}" to something outside that raises the alarm when it stops coming.`,
  more: `${WATCHDOG} is among the rules that federators evaluate. Give its route a short repeat_interval (a few minutes), and a receiver that expects it: a dead man's switch service, or a script on a server elsewhere.`,
  find: (survey) =>
    configs(survey)
      .filter((config) => !routesOf(config).some(takesWatchdog))
      .map((config) => ({
        what: `No route of ${config.cell.name} is for ${WATCHDOG}.`,
        at: config.at(['route'], 'key'),
      })),
};

function takesWatchdog({ value: { matchers, match, match_re } }: Route): boolean {
  return JSON.stringify([matchers, match, match_re] as unknown[]).includes(WATCHDOG);
}

const unknownReceiver: Rule = {
  code: 'unknown-receiver',
  severity: 'error',
  title: 'Routes name receivers that there are.',
  why: 'Alertmanager refuses such a configuration.',
  mend: 'Add the receiver, or correct its name.',
  more: 'A route without a receiver has that of the route it stands in; the outermost one must name one.',
  find: (survey) =>
    configs(survey).flatMap((config) =>
      routesOf(config).flatMap(({ path, value, settings }): readonly Finding[] => {
        const known = receiversOf(config);
        const name = value['receiver'];
        if (settings['receiver'] === undefined && path.length === 1) {
          return [{ what: 'The outermost route has no receiver.', at: config.at(path, 'key') }];
        }
        if (name === undefined || known.has(String(name))) return [];
        const at = config.at([...path, 'receiver']);
        const what = `There is no receiver "${String(name)}".`;
        return [{ what, at, ...(known.size > 0 && { mend: didYouMean(String(name), [...known.keys()]) }) }];
      }),
    ),
};

const unusedReceiver: Rule = {
  code: 'unused-receiver',
  severity: 'warning',
  title: 'Each receiver is named by a route.',
  why: 'Nobody is told through it; usually a route is missing.',
  mend: 'Route something to it, or remove it.',
  more: 'A receiver without any integration, to which unwanted alerts are routed, is used and not meant here.',
  find: (survey) =>
    configs(survey).flatMap((config) => {
      const used = new Set(routesOf(config).map(({ value }) => String(value['receiver'])));
      return [...receiversOf(config)]
        .filter(([name]) => !used.has(name))
        .map(([name, index]) => ({
          what: `No route names the receiver "${name}".`,
          at: config.at(['receivers', index, 'name']),
        }));
    }),
};

/** Rules of routes and receivers. */
export const notificationRules: readonly Rule[] = [
  slowPeers,
  beatingIntervals,
  repeatOverRetention,
  noDeadMansSwitch,
  unknownReceiver,
  unusedReceiver,
];

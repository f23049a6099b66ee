import { secondsOf } from './duration.ts';
import type {
  AlertmanagerInstance,
  FederatorInstance,
  Grouping,
  PushgatewayInstance,
  ScrapeConfig,
  ScraperInstance,
} from './estate.ts';
import { endpoint, membersOf } from './members.ts';
import type { FederatorCell, PushgatewayCell, Topology } from './topology.ts';

/** What federators read and tell. */
export interface Read {
  readonly scrapers: readonly ScraperInstance[];
  readonly pushgateways: readonly PushgatewayInstance[];
  readonly alertmanagers: readonly AlertmanagerInstance[];
}

/** The instances of one federator cell, which read everything by the servers' own addresses. */
export function deriveFederators(topology: Topology, cell: FederatorCell, read: Read): readonly FederatorInstance[] {
  const { interval, timeout, evaluation_interval, coverage, retention, match } = cell;
  const members = membersOf(topology, 'federator', cell, cell.hosts);
  const shared = {
    interval,
    interval_seconds: secondsOf(interval),
    timeout,
    evaluation_interval,
    coverage_seconds: secondsOf(coverage),
    retention,
    match,
    scraper_targets: read.scrapers.map((one) => ({
      target: addressOf(one),
      pair: one.cell,
      labels: { pair: one.cell },
    })),
    pushgateway_targets: read.pushgateways.map((one) => ({
      target: addressOf(one),
      labels: { pushgateway_set: one.cell, pushgateway: one.replica },
    })),
    alertmanager_targets: read.alertmanagers.filter(({ notifier }) => notifier).map(addressOf),
    groupings: topology.pushgateways.map(groupingOf),
    rules: cell.rule_files,
    ...(cell.rules !== undefined && { rules_folder: `${cell.rules}/` }),
  };
  return members.map((member) => ({
    ...member,
    ...shared,
    self_targets: selfTargets(members, read),
    external_labels: { cluster: topology.cluster, federator: member.replica },
  }));
}

/** Each federator looks at itself and at the other: a dead one cannot tell that it is. */
function selfTargets(members: readonly Addressed[], read: Read): readonly ScrapeConfig[] {
  const role = (notifier: boolean) => (notifier ? 'notifier' : 'backup');
  const static_configs = (targets: readonly string[], labels?: object) =>
    targets.length > 0 ? [{ targets, ...(labels && { labels }) }] : [];
  const jobs = [
    { job_name: 'federator', static_configs: static_configs(members.map(addressOf)) },
    {
      job_name: 'alertmanager',
      static_configs: [...new Set(read.alertmanagers.map(({ cell }) => cell))].flatMap((cell) =>
        [true, false].flatMap((notifier) => {
          const same = read.alertmanagers.filter((one) => one.cell === cell && one.notifier === notifier);
          return static_configs(same.map(addressOf), { cell, role: role(notifier) });
        }),
      ),
    },
    {
      job_name: 'scraper',
      static_configs: [...new Set(read.scrapers.map(({ cell }) => cell))].flatMap((pair) =>
        static_configs(read.scrapers.filter(({ cell }) => cell === pair).map(addressOf), { pair }),
      ),
    },
  ];
  return jobs.filter((job) => job.static_configs.length > 0);
}

function groupingOf({ name, grouping, max_age, push_period }: PushgatewayCell): Grouping {
  return {
    cell: name,
    grouping,
    max_age,
    max_age_seconds: secondsOf(max_age),
    ...(push_period !== undefined && { push_period, push_period_seconds: secondsOf(push_period) }),
  };
}

/** Whatever can be connected to. */
type Addressed = { readonly address: string; readonly port: number };

function addressOf({ address, port }: Addressed): string {
  return endpoint(address, port);
}

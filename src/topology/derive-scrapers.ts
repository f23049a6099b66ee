import { basename } from 'node:path/posix';
import { shorter } from './duration.ts';
import type { Labels, ScrapeConfig, ScraperInstance } from './estate.ts';
import { membersOf } from './members.ts';
import type { Auth, ExporterGroup, RemoteWrite, ScraperCell, Topology } from './topology.ts';

/** The instances of one scraper cell: they differ in the label `scraper` alone. */
export function deriveScrapers(topology: Topology, cell: ScraperCell): readonly ScraperInstance[] {
  const groups = topology.exporters.filter(({ name }) => cell.exporters.includes(name));
  const jobs = groups.map((group) => jobOf(group, cell.interval));
  return membersOf(topology, 'scraper', cell, cell.hosts).map((member) => ({
    ...member,
    interval: cell.interval,
    timeout: timeoutFor(cell.interval),
    retention: cell.retention,
    external_labels: { cluster: topology.cluster, scraper: member.replica },
    jobs,
    file_sd: [...new Set(groups.flatMap(({ file_sd }) => file_sd))],
    remote_write: cell.remote_write ? [writeTo(cell.remote_write, `${topology.cluster}-${cell.name}`)] : [],
  }));
}

// A timeout above the interval is refused by Prometheus, whose own default of 10s does not look at the interval.
function timeoutFor(interval: string): string {
  return shorter(interval, '10s');
}

function jobOf(group: ExporterGroup, own: string): ScrapeConfig {
  const interval = group.interval ?? own;
  const { labels, targets, file_sd, relabel, metric_relabel } = group;
  const files = file_sd.map((file) => `/etc/prometheus/file_sd/${basename(file)}`);
  const relabelings = [...(files.length > 0 ? labelsAsRelabeling(labels) : []), ...relabel];
  return {
    job_name: group.name,
    scrape_interval: interval,
    scrape_timeout: group.timeout ?? timeoutFor(interval),
    ...(group.scheme !== 'http' && { scheme: group.scheme }),
    ...(group.metrics_path !== '/metrics' && { metrics_path: group.metrics_path }),
    ...(group.sample_limit !== undefined && { sample_limit: group.sample_limit }),
    ...(group.body_size_limit !== undefined && { body_size_limit: group.body_size_limit }),
    ...(group.auth && authOf(group.auth)),
    ...(targets.length > 0 && { static_configs: [{ targets, ...(Object.keys(labels).length > 0 && { labels }) }] }),
    ...(files.length > 0 && { file_sd_configs: [{ files }] }),
    ...(relabelings.length > 0 && { relabel_configs: relabelings }),
    ...(metric_relabel.length > 0 && { metric_relabel_configs: metric_relabel }),
  };
}

/** Targets from files bring their own labels, so those of the group are put on by relabeling; `$` is doubled to stay. */
function labelsAsRelabeling(labels: Labels): readonly Readonly<Record<string, string>>[] {
  return Object.entries(labels).map(([name, value]) => ({
    target_label: name,
    replacement: value.replaceAll('$', '$$$$'),
  }));
}

function authOf({ username, password_file, credentials_file, ...tls }: Auth): Readonly<Record<string, unknown>> {
  return {
    ...(username !== undefined && { basic_auth: { username, password_file } }),
    ...(credentials_file !== undefined && { authorization: { credentials_file } }),
    ...(Object.keys(tls).length > 0 && { tls_config: tls }),
  };
}

/**
 * Labels by which each store tells the two of a pair apart. Mimir elects one replica per `cluster`, so pairs must not
 * share that label; Thanos keeps both and hides the label in queries; VictoriaMetrics wants both to be the same.
 */
function writeTo({ kind, url, auth }: RemoteWrite, pair: string): Readonly<Record<string, unknown>> {
  const rename = (label: string) => ({ source_labels: ['scraper'], target_label: label });
  const before = {
    mimir: [{ target_label: 'cluster', replacement: pair }, rename('__replica__')],
    thanos: [rename('replica')],
    victoriametrics: [],
  };
  return {
    url,
    queue_config: { max_samples_per_send: 2000 },
    write_relabel_configs: [...before[kind], { action: 'labeldrop', regex: 'scraper' }],
    ...(auth && authOf(auth)),
  };
}

import { basename } from 'node:path/posix';
import { authOf } from './auth.ts';
import { shorter } from './duration.ts';
import type { Labels, ScrapeConfig, ScraperInstance } from './estate.ts';
import { membersOf } from './members.ts';
import { remoteWrite } from './remote-write.ts';
import type { ExporterGroup, ScraperCell, Topology } from './topology.ts';

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
    remote_write: cell.remote_write ? [remoteWrite(cell.remote_write, topology.cluster, cell.name)] : [],
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

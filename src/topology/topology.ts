import type { Place } from '../diagnostics/diagnostic.ts';

/**
 * topology.yml as it was read: defaults filled in, ports allotted, files as paths of the project; nothing derived yet.
 * Keys are spelt as in the file; durations are texts such as `15s` (see `secondsOf`). A pair may hold any number of
 * hosts here, even one twice: whether that is sound is for the rules to say.
 */
export interface Topology {
  /** Path of the file in the project: `inventory/lab/topology.yml`. */
  readonly path: string;
  readonly cluster: string;
  /** Whether alerts about a member are silenced while it changes. */
  readonly silence_members: boolean;
  readonly exporters: readonly ExporterGroup[];
  readonly scrapers: readonly ScraperCell[];
  readonly pushgateways: readonly PushgatewayCell[];
  readonly federators: readonly FederatorCell[];
  readonly alertmanagers: readonly AlertmanagerCell[];
  readonly firewall: { readonly allow: readonly Allow[] };
  /** Addresses of the inventory's hosts: `monitoring_address`, else `ansible_host`, else the name. */
  readonly addresses: ReadonlyMap<string, string>;
  /** What the command line put in, as it is written there: `versions.prometheus`. */
  readonly overrides: readonly string[];
  /** Whether a path is written, in the file or on the command line. */
  has(path: readonly (string | number)[]): boolean;
  /** Place of the key or value at a path such as `['scrapers', 'scraper1', 'hosts', 0]`, or of its nearest ancestor. */
  at(path: readonly (string | number)[], what?: 'key' | 'value'): Place;
}

/** What every group of instances has. */
export interface Cell {
  readonly name: string;
  readonly image: string;
  readonly port: number;
}

/** Targets that are scraped alike: one job of one scraper pair. */
export interface ExporterGroup {
  /** Name of the group and of the job. */
  readonly name: string;
  /** `host:port`. */
  readonly targets: readonly string[];
  /** Files of targets, as paths of the project. */
  readonly file_sd: readonly string[];
  /** The scraper's own when the group names none. */
  readonly interval?: string;
  readonly timeout?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly scheme: 'http' | 'https';
  readonly metrics_path: string;
  readonly relabel: readonly Relabeling[];
  readonly metric_relabel: readonly Relabeling[];
  readonly sample_limit?: number;
  readonly body_size_limit?: string;
  readonly auth?: Auth;
}

/** One entry of Prometheus' `relabel_configs`, passed on as it is. */
export type Relabeling = Readonly<Record<string, unknown>>;

/** How to prove who asks; secrets are files as the container sees them. */
export interface Auth {
  readonly username?: string;
  readonly password_file?: string;
  readonly credentials_file?: string;
  readonly ca_file?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
  readonly server_name?: string;
}

/** Scrapers that scrape the same, keep nothing, and differ in the label `scraper` alone. */
export interface ScraperCell extends Cell {
  readonly hosts: readonly string[];
  /** Names of exporter groups. */
  readonly exporters: readonly string[];
  readonly interval: string;
  readonly retention: string;
  readonly remote_write?: RemoteWrite;
}

/** Where scrapers write to when federation is outgrown. */
export interface RemoteWrite {
  readonly kind: 'mimir' | 'thanos' | 'victoriametrics';
  readonly url: string;
  /** Whose data it is, in a store that keeps tenants apart by a header. */
  readonly tenant?: string;
  readonly auth?: Auth;
}

/** Pushgateways that take turns at holding an address. */
export interface PushgatewayCell extends Cell {
  readonly hosts: readonly string[];
  readonly vip?: CellVip;
  /** Labels that tell pushers apart. */
  readonly grouping: readonly string[];
  /** How often pushers push, where it is known. */
  readonly push_period?: string;
  /** Age at which a pushed value counts no more. */
  readonly max_age: string;
}

/** The address that pushers use. */
export interface CellVip {
  /** With the length of its prefix: `10.90.0.51/24`. */
  readonly vip: string;
  readonly interface: string;
  readonly virtual_router_id: number;
}

/** Prometheus servers that keep data, evaluate rules and notify. */
export interface FederatorCell extends Cell {
  readonly hosts: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly evaluation_interval: string;
  /** How long one of a pair must have run before the other one changes. */
  readonly coverage: string;
  readonly retention: string;
  readonly match: readonly string[];
  /** Folder of the user's rules as a path of the project, without a slash at its end. */
  readonly rules?: string;
  /** The files below it, sorted. */
  readonly rule_files: readonly string[];
}

/** Alertmanagers of one cluster: those that notify, and one that only keeps what they know. */
export interface AlertmanagerCell extends Cell {
  readonly notifiers: readonly string[];
  readonly backup?: string;
  readonly cluster_port: number;
  /** What members put on their gossip. */
  readonly label?: string;
  readonly retention: string;
  /** The notifiers' configuration as a path of the project. */
  readonly config: string;
  /** Folder of the user's templates as a path of the project, without a slash at its end. */
  readonly templates?: string;
}

/** Who may reach which services from outside the estate. */
export interface Allow {
  /** Addresses or networks. */
  readonly from: readonly string[];
  /** `scrapers`, `pushgateways`, `federators`, `alertmanagers`, or names of cells. */
  readonly to: readonly string[];
}

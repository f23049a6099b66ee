import type { ExporterGroup } from './topology.ts';

/** What a container is for. */
export type Role = 'scraper' | 'pushgateway' | 'federator' | 'alertmanager';

/**
 * Everything that follows from a topology. It is what playbooks see as `estate` and, host by host, as
 * `scraper_instances`, `pushgateway_instances`, `federator_instances`, `alertmanager_instances`, `vip_instances`,
 * `allowed_flows` and `peer_flows`; so keys are spelt as variables are, and what does not apply is left out (`is defined` tells).
 */
export interface Estate {
  readonly cluster: string;
  /** Whether alerts about a member are silenced while it changes. */
  readonly silence_members: boolean;
  readonly scrapers: readonly ScraperInstance[];
  readonly pushgateways: readonly PushgatewayInstance[];
  readonly federators: readonly FederatorInstance[];
  readonly alertmanagers: readonly AlertmanagerInstance[];
  readonly vips: readonly Vip[];
  readonly exporters: readonly ExporterGroup[];
  readonly flows: readonly Flow[];
}

/** One container; the port is the same inside and outside of it. */
export interface Instance {
  /** `scraper1-a`. */
  readonly name: string;
  readonly role: Role;
  /** `scraper1`. */
  readonly cell: string;
  /** `a` for the first host of a cell, `b` for the second; a backup alertmanager comes after the notifiers. */
  readonly replica: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly image: string;
  /** The others of the cell. */
  readonly peers: readonly string[];
}

export interface ScraperInstance extends Instance {
  readonly role: 'scraper';
  readonly interval: string;
  /** Default for jobs: the shorter of 10s and the interval. */
  readonly timeout: string;
  readonly retention: string;
  /** `cluster` and `scraper`. */
  readonly external_labels: Labels;
  /** Ready `scrape_configs`, one for each exporter group; files of targets are `/etc/prometheus/file_sd/<base name>`. */
  readonly jobs: readonly ScrapeConfig[];
  /** Files of targets to ship to `/etc/prometheus/file_sd/`, as paths of the project. */
  readonly file_sd: readonly string[];
  /** Ready `remote_write`; empty when the scraper writes nowhere. */
  readonly remote_write: readonly Readonly<Record<string, unknown>>[];
}

export interface PushgatewayInstance extends Instance {
  readonly role: 'pushgateway';
  readonly grouping: readonly string[];
  readonly max_age: string;
  readonly max_age_seconds: number;
  readonly push_period?: string;
  readonly push_period_seconds?: number;
  /** The address without prefix that pushers use. */
  readonly vip?: string;
}

export interface FederatorInstance extends Instance {
  readonly role: 'federator';
  readonly interval: string;
  readonly interval_seconds: number;
  readonly timeout: string;
  readonly evaluation_interval: string;
  /** Seconds that one of a pair (of federators, or of scrapers that they read) must have run before the other changes. */
  readonly coverage_seconds: number;
  readonly retention: string;
  /** `cluster` and `federator`; alerts lose the second one by `alert_relabel_configs`. */
  readonly external_labels: Labels;
  /** Selectors for `/federate`. */
  readonly match: readonly string[];
  /** Every scraper, by its server's address; the label `pair` names the cell. */
  readonly scraper_targets: readonly { readonly target: string; readonly pair: string; readonly labels: Labels }[];
  /** Every pushgateway, by its server's address; labels `pushgateway_set` and `pushgateway`. */
  readonly pushgateway_targets: readonly Target[];
  /** Where alerts go: the notifiers, never the backup. */
  readonly alertmanager_targets: readonly string[];
  /** Ready `scrape_configs` of the estate's own metrics: jobs `federator`, `alertmanager` (labels `cell`, `role`), `scraper`. */
  readonly self_targets: readonly ScrapeConfig[];
  /** One for each pushgateway cell. */
  readonly groupings: readonly Grouping[];
  /** The user's rule files, as paths of the project; all below `rules_folder`. */
  readonly rules: readonly string[];
  /** Folder with a slash at its end, to be used as a `source`. */
  readonly rules_folder?: string;
}

export interface AlertmanagerInstance extends Instance {
  readonly role: 'alertmanager';
  /** false for the backup, which notifies nobody. */
  readonly notifier: boolean;
  readonly cluster_port: number;
  /** `address:cluster_port` of the other members. */
  readonly peer_addresses: readonly string[];
  /** Sorts notifiers before the backup; only where the version has --cluster.peer-name (0.30). */
  readonly peer_name?: string;
  /** What members put on their gossip. */
  readonly label?: string;
  readonly retention: string;
  /** The configuration as a path of the project; the backup has none, its role writes one that notifies nobody. */
  readonly config?: string;
  /** Folder with a slash at its end, to be used as a `source`. */
  readonly templates?: string;
}

/** How pushed metrics of one pushgateway cell are told apart and when they are too old. */
export interface Grouping {
  readonly cell: string;
  readonly grouping: readonly string[];
  readonly max_age: string;
  readonly max_age_seconds: number;
  readonly push_period?: string;
  readonly push_period_seconds?: number;
}

export type Labels = Readonly<Record<string, string>>;

export interface Target {
  readonly target: string;
  readonly labels: Labels;
}

/** An entry of `scrape_configs`. */
export type ScrapeConfig = { readonly job_name: string } & Readonly<Record<string, unknown>>;

/** An address that one of its hosts holds at a time. */
export interface Vip {
  /** Name of the cell. */
  readonly name: string;
  /** With the length of its prefix: `10.90.0.51/24`. */
  readonly vip: string;
  /** Without it. */
  readonly address: string;
  readonly interface: string;
  readonly virtual_router_id: number;
  /** Port of the service that answers there. */
  readonly port: number;
  /** In the order of the cell. */
  readonly members: readonly VipInstance[];
}

/** One host's part in holding an address. */
export interface VipInstance {
  readonly name: string;
  readonly host: string;
  readonly vip: string;
  readonly interface: string;
  readonly virtual_router_id: number;
  /** 110 for the first host of the cell, 100 for the second. */
  readonly priority: number;
  readonly address: string;
  /** The other host of the pair; absent in a cell of one host. */
  readonly peer_address?: string;
  readonly port: number;
  /** Seconds between adverts. */
  readonly advert_int: number;
}

/** Who opens connections to whom, and why. */
export interface Flow {
  readonly kind: 'scrape' | 'notify' | 'gossip' | 'hand-over' | 'vrrp' | 'push' | 'allow';
  /** Name of the instance; for `push` and `allow` (from outside) the address or network itself. */
  readonly from: string;
  /** Host of that instance; absent for those from outside. */
  readonly from_host?: string;
  /** Address or network that packets come from. */
  readonly source: string;
  /** Name of the instance. */
  readonly to: string;
  readonly to_host: string;
  /** Address of that host. */
  readonly destination: string;
  readonly protocol: 'tcp' | 'udp' | 'vrrp';
  /** Absent for vrrp, which has none. */
  readonly port?: number;
  /** Who does what: `federator1-a scrapes scraper1-b`. */
  readonly why: string;
}

/** What a host's firewall must let in, beside what comes from the host itself. */
export interface AllowedFlow {
  readonly source: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly why: string;
}

/** A TCP connection from another host of the estate that a host's firewall must let in: it proves that it does. */
export interface PeerFlow {
  /** Name of the host it comes from. */
  readonly from: string;
  /** Address it goes to. */
  readonly to: string;
  readonly port: number;
}

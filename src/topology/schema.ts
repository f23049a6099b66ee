import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { auth, below, duration, exporterGroup, hosts, image, named, port, text, url } from './schema-parts.ts';

/** What is wrong with labels elsewhere is wrong here too: they join two series. */
const label = { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' } as const;

const scraper = {
  type: 'object',
  additionalProperties: false,
  required: ['hosts', 'exporters'],
  description: 'Two Prometheus servers that scrape the same, keep nothing, and are read by the federators.',
  properties: {
    hosts,
    exporters: {
      type: 'array',
      items: text,
      description: 'Groups of targets, by their names under `exporters`.',
      examples: [['node']],
    },
    interval: {
      ...duration,
      description: 'How often targets are scraped; `scrape_interval` when not given.',
      examples: ['15s'],
    },
    retention: { ...duration, default: '2h', description: 'How long samples are kept in memory.', examples: ['2h'] },
    port: { ...port, description: 'Port; 9090 and upwards in steps of 100 when not given.', examples: [9090] },
    image,
    remote_write: {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'url'],
      description:
        'A store beyond this estate to write to; each kind gets the labels by which it tells replicas apart.',
      properties: {
        kind: {
          enum: ['mimir', 'thanos', 'victoriametrics'],
          description:
            'mimir gets `cluster` (made unique per pair) and `__replica__`, thanos gets `replica`, victoriametrics gets neither.',
          examples: ['mimir'],
        },
        url: { ...url, description: 'Where to write to.', examples: ['https://mimir.example.org/api/v1/push'] },
        tenant: {
          ...text,
          description:
            'Tenant to write for: the header X-Scope-OrgID of Mimir, THANOS-TENANT of Thanos; VictoriaMetrics has it in the address.',
          examples: ['ops'],
        },
        auth,
      },
    },
  },
} as const satisfies JSONSchema;

const pushgateway = {
  type: 'object',
  additionalProperties: false,
  required: ['hosts'],
  dependentRequired: {
    vip: ['interface', 'virtual_router_id'],
    interface: ['vip'],
    virtual_router_id: ['vip'],
  },
  description: 'Two pushgateways that keep nothing; pushers use the address that one of them holds at a time.',
  properties: {
    hosts,
    vip: {
      ...text,
      description: 'Address that pushers use, with the length of its prefix.',
      examples: ['10.0.0.50/24'],
    },
    interface: {
      ...text,
      maxLength: 15,
      description: 'Interface of both hosts that gets the address.',
      examples: ['eth0'],
    },
    virtual_router_id: {
      type: 'integer',
      description: 'Number of the pair in VRRP, 1 to 255; no other pair in the network may have it.',
      examples: [51],
    },
    grouping: {
      type: 'array',
      minItems: 1,
      items: label,
      default: ['job', 'instance'],
      description: 'Labels of the grouping key that pushers push under.',
      examples: [['job', 'instance']],
    },
    push_period: { ...duration, description: 'How often pushers push.', examples: ['30s'] },
    max_age: {
      ...duration,
      default: '5m',
      description: 'Age at which a pushed value counts no more; at least twice the push period.',
      examples: ['5m'],
    },
    port: { ...port, description: 'Port; 9091 and upwards in steps of 100 when not given.', examples: [9091] },
    image,
  },
} as const;

const federator = {
  type: 'object',
  additionalProperties: false,
  required: ['hosts'],
  description: 'Two Prometheus servers that read all scrapers and pushgateways, keep data, evaluate rules and notify.',
  properties: {
    hosts,
    interval: { ...duration, default: '30s', description: 'How often scrapers are read.', examples: ['30s'] },
    timeout: {
      ...duration,
      description: 'How long that may take; five sixths of the interval when not given.',
      examples: ['25s'],
    },
    evaluation_interval: {
      ...duration,
      description: 'How often rules are evaluated; as often as scrapers are read when not given.',
      examples: ['30s'],
    },
    coverage: {
      ...duration,
      default: '5m',
      description:
        'How long one of a pair must have run, without a gap in what is scraped from it, before the other one changes: at least the longest range, and the longest `for` below 10m, of the rules.',
      examples: ['10m'],
    },
    retention: { ...duration, default: '15d', description: 'How long data is kept.', examples: ['30d'] },
    rules: { ...below, description: 'Folder of rule files below that of the inventory.', examples: ['rules/'] },
    match: {
      type: 'array',
      minItems: 1,
      items: text,
      default: ['{job=~".+"}', '{__name__=~".+:.+"}'],
      description: 'Selectors of what is read from scrapers; everything when not given.',
      examples: [['{job="node"}']],
    },
    port: { ...port, description: 'Port; 9095 and upwards in steps of 100 when not given.', examples: [9095] },
    image,
  },
} as const satisfies JSONSchema;

const alertmanager = {
  type: 'object',
  additionalProperties: false,
  required: ['notifiers'],
  description: 'Two alertmanagers that notify, and one that only remembers what they know.',
  properties: {
    notifiers: {
      ...hosts,
      description: 'The two hosts whose alertmanagers notify, by their names in the inventory.',
    },
    backup: {
      ...text,
      description: 'Host of the one that notifies nobody and keeps silences and the log of notifications alive.',
      examples: ['mon-c'],
    },
    config: {
      ...below,
      default: 'alertmanager.yml',
      description: "The notifiers' configuration: a file below the folder of the inventory.",
      examples: ['alertmanager.yml'],
    },
    templates: {
      ...below,
      description: 'Folder of templates for notifications, below that of the inventory.',
      examples: ['templates/'],
    },
    retention: {
      ...duration,
      default: '120h',
      description: 'How long silences and the log of notifications are kept.',
      examples: ['120h'],
    },
    label: {
      ...text,
      description:
        'Word that members put on their gossip; packets without it are refused (version 0.26 or later). Members with and without it do not know each other, so a change of it splits the cluster while it rolls.',
      examples: ['prod'],
    },
    port: { ...port, description: 'Port; 9093 and upwards in steps of 100 when not given.', examples: [9093] },
    cluster_port: {
      ...port,
      description: 'Port for gossip, over TCP and UDP; 9094 and upwards in steps of 100 when not given.',
      examples: [9094],
    },
    image,
  },
} as const satisfies JSONSchema;

const version = (name: string, example: string) =>
  ({ ...text, description: `Image of every ${name} whose cell names no other.`, examples: [example] }) as const;

/** topology.yml: the cells of an estate, from which everything else follows. */
export const topologySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['cluster'],
  properties: {
    cluster: { ...text, description: 'Name of the estate; a label on everything that leaves it.', examples: ['lab'] },
    versions: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description: 'Images, pinned to a version; by digest as well where bytes must not change.',
      properties: {
        prometheus: version('scraper and federator', 'prom/prometheus:v2.53.3'),
        alertmanager: version('alertmanager', 'prom/alertmanager:v0.28.1'),
        pushgateway: version('pushgateway', 'prom/pushgateway:v1.11.0'),
      },
    },
    scrape_interval: {
      ...duration,
      default: '15s',
      description: 'How often targets are scraped where neither their group nor its scrapers name an interval.',
      examples: ['15s'],
    },
    silence_members: {
      type: 'boolean',
      default: true,
      description: 'Whether alerts about the very member that an apply changes are silenced until it is well again.',
      examples: [false],
    },
    exporters: { ...named, default: {}, additionalProperties: exporterGroup, description: 'Groups of targets.' },
    scrapers: { ...named, default: {}, additionalProperties: scraper, description: 'Pairs of scrapers.' },
    pushgateways: { ...named, default: {}, additionalProperties: pushgateway, description: 'Pairs of pushgateways.' },
    federators: { ...named, default: {}, additionalProperties: federator, description: 'Pairs of federators.' },
    alertmanagers: {
      ...named,
      default: {},
      additionalProperties: alertmanager,
      description: 'Clusters of alertmanagers.',
    },
    firewall: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description: 'Who may reach services, beside the estate itself.',
      properties: {
        allow: {
          type: 'array',
          default: [],
          description: 'Each entry opens services to addresses.',
          examples: [[{ from: ['10.0.9.0/24'], to: ['federators', 'alertmanagers'] }]],
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['from', 'to'],
            properties: {
              from: {
                type: 'array',
                minItems: 1,
                items: text,
                description: 'Addresses or networks.',
                examples: [['10.0.9.0/24']],
              },
              to: {
                type: 'array',
                minItems: 1,
                items: text,
                description: 'scrapers, pushgateways, federators, alertmanagers, or names of cells.',
                examples: [['federators', 'alertmanagers']],
              },
            },
          },
        },
      },
    },
  },
} as const satisfies JSONSchema;

/** topology.yml as its schema has it. */
export type TopologyFile = FromSchema<typeof topologySchema>;

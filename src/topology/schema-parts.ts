import type { JSONSchema } from 'json-schema-to-ts';
import { DURATION } from './duration.ts';

/** What names of cells and exporter groups look like: they become names of containers, labels and files. */
export const NAME = '^[a-z0-9][a-z0-9-]{0,39}$';
const names = { pattern: NAME, description: 'Names have small letters, digits and dashes, at most 40.' } as const;

/** A mapping with a key for each name. */
export const named = { type: 'object', propertyNames: names } as const;
export const text = { type: 'string', minLength: 1 } as const;
export const duration = { type: 'string', pattern: DURATION } as const;
export const port = { type: 'integer', minimum: 1, maximum: 65_535 } as const;
export const url = { type: 'string', pattern: '^https?://[^\\s/?#]+[^\\s]*$' } as const;
/** A path below the inventory's folder. */
export const below = { type: 'string', pattern: '^[^/\\s][^\\n]*$' } as const;

/** The hosts of a pair. */
export const hosts = {
  type: 'array',
  minItems: 1,
  items: text,
  description: 'The two hosts of the pair, by their names in the inventory; the first is replica a, the second b.',
  examples: [['mon-a', 'mon-b']],
} as const satisfies JSONSchema;

/** The image of a cell. */
export const image = {
  ...text,
  description: 'Image of this cell where it differs from the one under `versions`.',
  examples: ['prom/prometheus:v2.53.3'],
} as const satisfies JSONSchema;

/** How a scrape or a write proves who it is. */
export const auth = {
  type: 'object',
  additionalProperties: false,
  description: 'How to prove who asks. Secrets are never written here: they are files as the container sees them.',
  dependentRequired: {
    username: ['password_file'],
    password_file: ['username'],
    cert_file: ['key_file'],
    key_file: ['cert_file'],
  },
  dependentSchemas: { credentials_file: { properties: { username: false } } },
  properties: {
    username: { ...text, description: 'Name for basic authentication.', examples: ['prometheus'] },
    password_file: {
      ...text,
      description: 'File with the password for basic authentication.',
      examples: ['/run/secrets/node-password'],
    },
    credentials_file: {
      ...text,
      description: 'File with a bearer token.',
      examples: ['/run/secrets/token'],
    },
    ca_file: {
      ...text,
      description: 'Certificate that signed the one of the other side.',
      examples: ['/run/secrets/ca.pem'],
    },
    cert_file: { ...text, description: 'Own certificate.', examples: ['/run/secrets/client.pem'] },
    key_file: { ...text, description: 'Key of the own certificate.', examples: ['/run/secrets/client.key'] },
    server_name: { ...text, description: 'Name in the certificate of the other side.', examples: ['node.example.org'] },
  },
} as const;

const relabelings = { type: 'array', default: [], items: { type: 'object' } } as const;

/** A group of targets. */
export const exporterGroup = {
  type: 'object',
  additionalProperties: false,
  description: 'Targets that are scraped alike; the name of the group becomes their `job`.',
  properties: {
    targets: {
      type: 'array',
      default: [],
      items: { type: 'string', pattern: '^(\\[[0-9a-fA-F:.]+\\]|[^\\s:/{}]+):[0-9]+$' },
      description: 'Addresses with ports.',
      examples: [['10.0.0.21:9100', '10.0.0.22:9100']],
    },
    file_sd: {
      type: 'array',
      default: [],
      items: { ...below, pattern: '^[^/\\s][^\\n]*\\.(json|ya?ml)$' },
      description:
        'Files of targets below the folder of the inventory; they go to the scrapers with their configuration.',
      examples: [['targets/node.yml']],
    },
    interval: { ...duration, description: "How often; the scraper's own interval when not given.", examples: ['30s'] },
    timeout: {
      ...duration,
      description: 'How long a scrape may take; the shorter of 10s and the interval when not given.',
      examples: ['10s'],
    },
    labels: {
      type: 'object',
      default: {},
      additionalProperties: { type: 'string' },
      description: 'Labels for every target of the group.',
      examples: [{ site: 'north' }],
    },
    scheme: {
      enum: ['http', 'https'],
      default: 'http',
      description: 'How targets are spoken to.',
      examples: ['https'],
    },
    metrics_path: {
      type: 'string',
      pattern: '^/',
      default: '/metrics',
      description: 'Where targets show their metrics.',
      examples: ['/probe'],
    },
    relabel: {
      ...relabelings,
      description: "Prometheus' `relabel_configs`, as they are.",
      examples: [[{ action: 'replace', source_labels: ['__address__'], target_label: 'node' }]],
    },
    metric_relabel: {
      ...relabelings,
      description: "Prometheus' `metric_relabel_configs`, as they are.",
      examples: [[{ action: 'drop', source_labels: ['__name__'], regex: 'go_.*' }]],
    },
    sample_limit: {
      type: 'integer',
      minimum: 1,
      description: 'A target with more samples than this counts as down.',
      examples: [20_000],
    },
    body_size_limit: {
      type: 'string',
      pattern: '^[0-9]+([KMGTPE]i?)?B$',
      description: 'A target with a longer answer than this counts as down.',
      examples: ['20MB'],
    },
    auth,
  },
} as const satisfies JSONSchema;

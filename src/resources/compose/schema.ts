import type { Schema } from '../../schema/schema.ts';
import { modeSchema, type OwnerMode, pathSchema, principalSchema } from '../owner-mode.ts';

/** How one service of a bundle takes a new configuration. */
export interface ServiceCare {
  /** Signal that makes it read its mounted files again; without one it is restarted. */
  readonly reload?: string;
  readonly loaded?: Loaded;
  /** Page, asked as `loaded.metrics` is: as long as it answers something else from time to time, a start is waited for. */
  readonly progress?: string;
  /** Command that judges the new files inside the image that will run; a text is split at spaces. */
  readonly check?: string | readonly string[];
}

/** Where a process tells that it has loaded its configuration, in the text format of metrics. */
export interface Loaded {
  /** Asked inside the network of the container. */
  readonly metrics: string;
  /** Gauge that rises with each successful load. */
  readonly time: string;
  /** Gauge that is 1 while the last load was successful. */
  readonly success: string;
}

/** A bundle as a task declares it, its contents read and rendered. */
export interface ComposeSpec extends OwnerMode {
  readonly project: string;
  readonly path: string;
  readonly compose?: string | Uint8Array;
  /** Path below `path` → content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly services?: Readonly<Record<string, ServiceCare>>;
  readonly state?: 'present' | 'absent';
  /** Seconds until the containers run (or are healthy) and have loaded their files. */
  readonly timeout?: number;
  readonly former?: FormerBundle;
}

/** No key for users: what a bundle that is put back had beyond what a task can say. */
export interface FormerBundle {
  /** Name of each file → mode, and `user:group`. */
  readonly access: Readonly<Record<string, { readonly mode: string; readonly owner: string }>>;
  /** Image as the compose file names it → id that it named. */
  readonly images: Readonly<Record<string, string>>;
  /** Services of which not every container ran: they are made as they were, and nothing is proved. */
  readonly unfit: Readonly<Record<string, 'stopped' | 'failing' | 'missing'>>;
}

/** Seconds that containers get when the task says nothing: a start replays a log of some gigabytes in about a minute. */
export const DEFAULT_TIMEOUT_S = 120;

const careSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'How one service takes files that changed below a folder it mounts.',
  properties: {
    reload: {
      type: 'string',
      pattern: '^[A-Z][A-Z0-9+-]*$',
      description: 'Signal that makes the process read its files again. Without it the container is restarted.',
      examples: ['HUP'],
    },
    loaded: {
      type: 'object',
      additionalProperties: false,
      required: ['metrics', 'time', 'success'],
      description: 'How the process proves that it has loaded its files; waited for after each start and reload.',
      properties: {
        metrics: {
          type: 'string',
          pattern: '^http://[^\\s]+$',
          description: 'URL of its metrics page, as seen from inside the container.',
          examples: ['http://127.0.0.1:8080/metrics'],
        },
        time: {
          type: 'string',
          pattern: '^[A-Za-z_:][A-Za-z0-9_:]*$',
          description: 'Gauge with the time of the last successful load; it must rise.',
          examples: ['app_config_last_load_success_timestamp_seconds'],
        },
        success: {
          type: 'string',
          pattern: '^[A-Za-z_:][A-Za-z0-9_:]*$',
          description: 'Gauge that is 1 while the last load was successful.',
          examples: ['app_config_last_load_successful'],
        },
      },
    },
    progress: {
      type: 'string',
      pattern: '^http://[^\\s]+$',
      description:
        'URL of a page, as seen from inside the container: a start that takes longer than `timeout` is given up only once this page says the same for three minutes, or for `timeout` where that is less.',
      examples: ['http://127.0.0.1:9090/api/v1/status/walreplay'],
    },
    check: {
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'array', minItems: 1, items: { type: 'string' } },
      ],
      description:
        'Command that judges the new files inside the image that will run, without network, before anything is touched; a dry run makes it too. A text is split at spaces, a list is taken as it is.',
      examples: ['app check-config /etc/app/app.yml'],
    },
  },
} as const;

/** What a `compose` task may say. */
export const schema: Schema<ComposeSpec> = {
  type: 'object',
  additionalProperties: false,
  required: ['project', 'path'],
  properties: {
    project: {
      type: 'string',
      pattern: '^[a-z0-9][a-z0-9_-]*$',
      description: 'Name of the compose project; it names the containers.',
      examples: ['metrics'],
    },
    path: {
      ...pathSchema,
      description: 'Folder on the host for compose.yml and the files below it.',
      examples: ['/opt/metrics'],
    },
    compose: {
      'x-content': true,
      description: 'The compose file, as text or as a template.',
      examples: [{ template: 'compose.yml.j2' }],
    },
    files: {
      type: 'object',
      description:
        'Configuration files: path below `path`, and content; a path that ends in / takes a folder as `source`. Services mount the folder they are in, never a single file.',
      propertyNames: { pattern: '^(?![/-])(?!(.*/)?\\.\\.?(/|$))[A-Za-z0-9_.,:=@%+/-]+$' },
      additionalProperties: { 'x-content': true, description: 'Content of the file, as text, source or template.' },
      examples: [{ 'config/app.yml': { template: 'app.yml.j2' } }],
    },
    services: {
      type: 'object',
      description: 'For each service of the compose file, how it takes changed files.',
      additionalProperties: careSchema,
      examples: [{ app: { reload: 'HUP' } }],
    },
    mode: { ...modeSchema, description: 'Permissions of all the files, in quotes; 0644 when not given.' },
    owner: { ...principalSchema, description: 'Owner of all the files; root when not given.', examples: ['root'] },
    group: {
      ...principalSchema,
      description: 'Group of all the files; root when not given.',
      examples: ['root', 65534],
    },
    state: {
      enum: ['present', 'absent'],
      description: 'absent removes containers, networks and the files hadeploy wrote; volumes stay.',
      examples: ['present'],
    },
    timeout: {
      type: 'integer',
      minimum: 1,
      description: `Seconds until the containers run (are healthy, where they can tell) and have loaded their files; ${DEFAULT_TIMEOUT_S} when not given.`,
      examples: [300],
    },
  },
};

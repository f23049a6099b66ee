import type { Place } from '../../diagnostics/diagnostic.ts';
import { isMapping, type Path } from '../../inventory/setting.ts';
import { notifierConfigs } from './alertmanager-config.ts';
import type { Finding, Rule, Survey } from './rule.ts';
import { hasLogin, hasToken, secretsIn } from './secrets-in-config.ts';

/** Where containers see the folder of a host that holds secrets. */
export const SECRETS_INSIDE = '/run/secrets/';
/** That folder. */
export const SECRETS_FOLDER = '/opt/hadeploy/secrets';

const secretInClear: Rule = {
  code: 'secret-in-clear',
  severity: 'error',
  title: 'No secret stands in the inventory in clear.',
  why: 'An inventory is shared, reviewed and kept in version control, and what it holds shows in plans and diffs.',
  mend: `Put it into a file below ${SECRETS_FOLDER} on the hosts, readable for user 65534 alone, and name that: ${SECRETS_INSIDE}… in the setting that ends with _file.`,
  more: 'Looked at are `global` and `receivers` of the configuration of Alertmanagers, variables of the inventory that hold such a configuration, and addresses that scrapers write to, with a password or a token in them. Every secret setting of a receiver has a twin that ends with _file (api_url_file, auth_password_file, credentials_file, …); where an older version has none, put the whole receiver behind a webhook. Addresses of webhooks count as secrets when they carry a token.',
  find: (survey) => [
    ...notifierConfigs(survey).configs.flatMap(({ value, at }) =>
      secretsIn(value).map((path) => inClear(path, at(path))),
    ),
    ...inVariables(survey),
    ...survey.topology.scrapers.flatMap(({ name, remote_write }): readonly Finding[] => {
      const url = remote_write?.url ?? '';
      if (!hasLogin(url) && !hasToken(url)) return [];
      const what = `The address that ${name} writes to holds a ${hasLogin(url) ? 'password' : 'token'}.`;
      const mend = 'Set `auth` with username and password_file, or credentials_file, and take it out of the address.';
      const at = survey.topology.at(['scrapers', name, 'remote_write', 'url']);
      return [{ what, at: { ...at, secret: true }, mend }];
    }),
  ],
};

function inClear(path: Path, at: Place): Finding {
  const key = path.filter((part) => typeof part === 'string').at(-1);
  return { what: `"${key}" is a secret and stands here in clear.`, at: { ...at, secret: true } };
}

/** Configurations of Alertmanager that are variables of hosts, each written value once. */
function inVariables({ inventory }: Survey): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const { vars } of inventory.hosts.values()) {
    for (const { value, within } of vars.values()) {
      if (!isMapping(value) || !Array.isArray(value['receivers'])) continue;
      for (const path of secretsIn(value)) {
        if (isTemplate(value, path)) continue;
        const finding = inClear(path, within(path));
        found.set(JSON.stringify(finding), finding);
      }
    }
  }
  return [...found.values()];
}

function isTemplate(value: unknown, path: Path): boolean {
  const end = path.reduce<unknown>((one, key) => (one as Readonly<Record<string | number, unknown>>)[key], value);
  return /\{\{/.test(String(end));
}

/** A file with a secret that something names. */
export interface SecretFile {
  /** As a container sees it. */
  readonly path: string;
  /** The setting that names it: `api_url_file`. */
  readonly setting: string;
  readonly at: Place;
  /** Hosts whose containers read it. */
  readonly hosts: readonly string[];
}

/** The files with secrets that the estate names, by what names them. */
export function secretFiles(survey: Survey): readonly SecretFile[] {
  const { topology } = survey;
  const config = notifierConfigs(survey).configs.flatMap(({ cell, value, at }) =>
    filesBelow([], value).map(([path, file]) => ({ ...named(path, file), at: at(path), hosts: cell.notifiers })),
  );
  const exporters = topology.exporters.flatMap(({ name, auth }) =>
    filesBelow(['exporters', name, 'auth'], auth).map(([path, file]) => ({
      ...named(path, file),
      at: topology.at(path),
      hosts: topology.scrapers.filter(({ exporters: groups }) => groups.includes(name)).flatMap(({ hosts }) => hosts),
    })),
  );
  const writers = topology.scrapers.flatMap(({ name, hosts, remote_write }) =>
    filesBelow(['scrapers', name, 'remote_write', 'auth'], remote_write?.auth).map(([path, file]) => ({
      ...named(path, file),
      at: topology.at(path),
      hosts,
    })),
  );
  return [...config, ...exporters, ...writers];
}

function named(path: Path, file: string) {
  return { path: file, setting: String(path.at(-1)) };
}

function filesBelow(path: Path, value: unknown): readonly (readonly [path: Path, file: string])[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => filesBelow([...path, index], one));
  if (isMapping(value)) return Object.entries(value).flatMap(([key, one]) => filesBelow([...path, key], one));
  return typeof value === 'string' && /_file$/.test(String(path.at(-1))) ? [[path, value]] : [];
}

const secretNotMounted: Rule = {
  code: 'secret-not-mounted',
  severity: 'warning',
  title: `Files with secrets are below ${SECRETS_INSIDE}, as containers see them.`,
  why: 'The shipped roles show containers that folder of the host and their own configuration, and nothing else.',
  mend: `Put the file into ${SECRETS_FOLDER} on the host and write ${SECRETS_INSIDE} and its name here.`,
  more: `${SECRETS_FOLDER} of a host is ${SECRETS_INSIDE} in its containers. Roles of your own may show them more: then this does not concern you.`,
  find: (survey) =>
    secretFiles(survey)
      .filter(
        ({ path }) =>
          path.startsWith('/') && !path.startsWith(SECRETS_INSIDE) && !/^\/etc\/(prometheus|alertmanager)\//.test(path),
      )
      .map(({ path, at }) => ({ what: `Containers do not see ${path}.`, at })),
};

/** Rules of secrets. */
export const secretRules: readonly Rule[] = [secretInClear, secretNotMounted];

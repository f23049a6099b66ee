import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Diagnostic, Refusal, type Result, result, unwrap } from '../diagnostics/diagnostic.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { deeds, type Plan } from '../plan/plan.ts';
import { type Compiled, type CompileInput, compile } from '../playbook/compile.ts';
import { factProbes } from '../playbook/fact-probes.ts';
import { distinct } from '../playbook/faults.ts';
import { hostTarget } from '../playbook/host-target.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { readSoundParts } from '../playbook/read-playbook.ts';
import type { Secret } from '../posix/secret.ts';
import { readProject } from '../project/read-project.ts';
import { isDeed } from '../resources/change.ts';
import { kinds } from '../resources/index.ts';
import type { FactProbe } from '../run/hello.ts';
import type { Job } from '../run/job.ts';
import type { Target } from '../run/ports.ts';
import type { Given } from '../topology/overrides.ts';
import { readEstate, type Surveyed } from '../topology/read-estate.ts';
import { type ChangedBundle, downgrades } from '../topology/rules/downgrade.ts';
import { preflight, preflightProbes } from '../topology/rules/preflight.ts';
import type { Survey } from '../topology/rules/rule.ts';
import { checkTopology } from '../topology/rules/rules.ts';
import { optimizeLate } from './optimize-late.ts';
import { packageRoot } from './package-root.ts';

/** What every command that needs a playbook takes. */
export interface PlaybookOptions {
  readonly playbook?: string;
  readonly limit?: string;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly extraVars: readonly string[];
}

/** What the command line says of connections, where an inventory does not. */
export interface ConnectionOptions {
  readonly becomePassword?: Secret | undefined;
  readonly hostKeys?: Target['hostKeys'] | undefined;
}

/** An inventory and a playbook without a fault, to be compiled again with the hosts' facts. */
export interface Loaded {
  readonly inventory: Inventory;
  /** Name under which hosts remember what this playbook made: `playbooks/site.yml`. */
  readonly playbook: string;
  /** What is wanted as far as it is known before the hosts are asked. */
  readonly foreseen: Compiled;
  compile(facts: CompileInput['facts']): Result<Compiled>;
  /** The hosts of all plays and how each is reached. */
  targets(connection: ConnectionOptions): Result<ReadonlyMap<string, Target>>;
  /** How any host of the inventory is reached; undefined where that cannot be told. */
  witness(connection: ConnectionOptions): (host: string) => Target | undefined;
  factProbes(host: string): readonly FactProbe[];
  /** What is wrong with a host as far as its facts tell; `asked` is the time here around the question, in seconds. */
  preflight: Job['preflight'];
  /** What speaks against a plan as a whole. */
  object(plan: Plan): readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

/** Reads an inventory alone, with what follows from its topology where it has one. */
export function loadInventory(path: string): Result<Surveyed> {
  return readEstate(unwrap(readProject([path])), tidy(path));
}

/** An inventory and a playbook as they were read, with the faults of what could not be. */
export interface Opened {
  readonly inventory: Inventory;
  /** What its topology says, where it has one. */
  readonly survey: Survey | undefined;
  /** Path of the playbook that was read. */
  readonly path: string;
  readonly playbook: Playbook;
  readonly extraVars: ReadonlyMap<string, unknown>;
  readonly faults: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

/** Reads inventory and playbook; throws when there is no inventory to speak of. */
export function open(inventoryPath: string, options: Pick<PlaybookOptions, 'playbook' | 'extraVars'>): Opened {
  optimizeLate();
  const shipped = shippedPlaybooks();
  const path = options.playbook ?? defaultPlaybook();
  const roles = join(shipped, 'roles');
  const project = unwrap(readProject([inventoryPath, existsSync(path) ? dirname(path) : path, roles]));
  const given = unwrap(readExtraVars(options.extraVars));
  const extraVars = variablesOf(given);
  const read = readEstate(project, tidy(inventoryPath), given);
  if (!read.ok) throw new Refusal(read.faults);
  const { inventory, topology, estate } = read.value;
  const survey = topology && estate && { topology, estate, inventory, project };
  const broken = survey ? checkTopology(survey) : [];
  const { playbook, faults } = readSoundParts(project, tidy(path), inventory, kinds, { rolesPaths: [roles] });
  return { inventory, survey, path, playbook, extraVars, faults: [...broken, ...faults], warnings: read.warnings };
}

/** `playbooks/site.yml`: the one here, or else the shipped one. */
function defaultPlaybook(): string {
  const here = join('playbooks', 'site.yml');
  return existsSync(here) ? here : join(shippedPlaybooks(), 'site.yml');
}

/** Reads and checks inventory and playbook; throws every fault of both as one Refusal, before any host is asked. */
export function load(inventoryPath: string, options: PlaybookOptions): Loaded {
  const { inventory, survey, path, playbook, extraVars, faults, warnings } = open(inventoryPath, options);
  const { limit, tags, skipTags } = options;
  const selection = { playbook, inventory, extraVars, tags, skipTags, ...(limit === undefined ? {} : { limit }) };
  const known: CompileInput['known'] = new Map();
  const compileWith = (facts: CompileInput['facts']) => compile({ ...selection, facts, known });
  const foreseen = compileWith(() => undefined);
  if (foreseen.ok && foreseen.value.settled) known.clear();
  const all = [...warnings, ...faults, ...(foreseen.ok ? foreseen.warnings : foreseen.faults)];
  if (!foreseen.ok || faults.some((fault) => fault.severity === 'error')) throw new Refusal(distinct(all));
  const hosts = [...new Set(foreseen.value.plays.flatMap((play) => play.hosts))];
  const answered = new Map<string, Readonly<Record<string, unknown>>>();
  return {
    inventory,
    playbook: `${basename(dirname(resolve(path)))}/${basename(path)}`,
    foreseen: foreseen.value,
    compile: (facts) => (foreseen.value.settled ? foreseen : compileWith(facts)),
    targets: (connection) => targetsOf({ playbook, inventory, extraVars }, hosts, connection),
    witness: (connection) => (host) => {
      const found = inventory.hosts.has(host) ? hostTarget(playbook, inventory, extraVars, host) : undefined;
      return found?.ok ? { host, ...found.value, ...given(connection, found.value) } : undefined;
    },
    factProbes: (host) => [
      ...unwrap(factProbes(playbook, inventory, extraVars, host)),
      ...(survey ? preflightProbes(survey, host) : []),
    ],
    preflight: (host, facts, asked) => {
      const found = survey ? preflight(survey, host, facts, asked, answered) : [];
      answered.set(host, facts);
      return found;
    },
    object: (plan) => (survey ? downgrades(survey, changedBundles(plan)) : []),
    warnings: distinct(all),
  };
}

/** How the chosen hosts of an inventory are reached, for commands that need no playbook: it may have faults. */
export function inventoryTargets(
  inventoryPath: string,
  choose: (inventory: Inventory) => readonly string[],
  connection: ConnectionOptions,
): Result<ReadonlyMap<string, Target>> {
  const opened = open(inventoryPath, { extraVars: [] });
  return targetsOf(opened, choose(opened.inventory), connection);
}

function targetsOf(
  { playbook, inventory, extraVars }: Pick<Opened, 'playbook' | 'inventory' | 'extraVars'>,
  hosts: readonly string[],
  connection: ConnectionOptions,
): Result<ReadonlyMap<string, Target>> {
  const found = hosts.map((host) => [host, hostTarget(playbook, inventory, extraVars, host)] as const);
  const diagnostics = found.flatMap(([, one]) => (one.ok ? one.warnings : one.faults));
  return result(
    () => new Map(found.map(([host, one]) => [host, { host, ...unwrap(one), ...given(connection, unwrap(one)) }])),
    distinct(diagnostics),
  );
}

/** The compose files that a plan changes from one text to another. */
function changedBundles(plan: Plan): readonly ChangedBundle[] {
  return deeds(plan).flatMap(({ resource: { host, id, kind }, change }) => {
    const field = isDeed(change) ? change.fields.find((one) => one.field === 'compose.yml') : undefined;
    if (typeof field?.from !== 'string' || typeof field.to !== 'string') return [];
    return [{ host, project: id.slice(kind.length + 1), from: field.from, to: field.to }];
  });
}

/** The folders of inventories here that know a host. */
export function inventoriesWith(host: string): readonly string[] {
  if (!existsSync('inventory')) return [];
  const folders = readdirSync('inventory', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map((entry) => join('inventory', entry.name))
    .filter((path) => {
      const read = loadInventory(path);
      return read.ok && read.value.inventory.hosts.has(host);
    })
    .sort();
}

/** What the inventory says of a host's sudo password wins; the policy of the command line wins over the inventory's. */
function given({ becomePassword, hostKeys }: ConnectionOptions, target: { readonly becomePassword?: Secret }) {
  const password = target.becomePassword ?? becomePassword;
  return { ...(password && { becomePassword: password }), ...(hostKeys && { hostKeys }) };
}

/** The playbooks of the package, as a path from here where that is shorter. */
function shippedPlaybooks(): string {
  const absolute = fileURLToPath(new URL('playbooks', packageRoot));
  const near = relative(process.cwd(), absolute);
  return near.startsWith('..') ? absolute : near;
}

/** `name=text`, a JSON object, or `@file` with a JSON object; later ones win. Dots make a name a path. */
export function readExtraVars(given: readonly string[]): Result<readonly Given[]> {
  const values: Given[] = [];
  const faults: Diagnostic[] = [];
  for (const one of given) {
    const pair = /^([A-Za-z_]\w*(?:\.[\w-]+)*)=([\s\S]*)$/.exec(one);
    if (pair) {
      values.push({ name: pair[1]!, text: pair[2]! });
      continue;
    }
    const parsed = parseObject(one.startsWith('@') ? readText(one.slice(1)) : one);
    if (parsed === undefined) faults.push(badExtraVars(one));
    else values.push(...Object.entries(parsed).map(([name, value]) => ({ name, value })));
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: values, warnings: [] };
}

/** The variables among what was given; a path is none. */
function variablesOf(given: readonly Given[]): ReadonlyMap<string, unknown> {
  const variables = given.filter(({ name }) => !name.includes('.'));
  return new Map(variables.map((one) => [one.name, 'text' in one ? one.text : one.value]));
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** What may be said of what was given: not what might be a value, which may be a secret. */
function beginningOf(given: string): string {
  const shown = given.startsWith('@') ? given : (/^[^\s=:"']*/.exec(given)?.[0] ?? '');
  return shown.length < given.length ? `${shown}…` : shown;
}

function badExtraVars(given: string): Diagnostic {
  return {
    code: 'bad-extra-vars',
    severity: 'error',
    what: `-e ${JSON.stringify(beginningOf(given))} is neither name=text nor a JSON object nor @file.json with one.`,
    mend: `Write for example: -e scrape_interval=15s, or -e '{"ports": [9090, 9093]}'.`,
  };
}

/** `./inventory/lab/` → `inventory/lab`: the form paths have inside a project. */
function tidy(path: string): string {
  return join(path).replace(/(.)\/$/, '$1');
}

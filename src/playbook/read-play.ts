import { dirname, join } from 'node:path/posix';
import { matchHosts } from '../inventory/match-hosts.ts';
import type { DeclaredFact, FactType } from './facts.ts';
import { builtInFacts } from './facts.ts';
import { playSchema, roleEntrySchema } from './language.ts';
import type { Block, HandlerTask, Item, Play, RoleUse, Search, Vars } from './playbook.ts';
import { type Around, labelOf, missingFile, readHandler, readItems, readWhen, tagsOf } from './read-items.ts';
import { readRole, roleFile } from './read-role.ts';
import { over, readVars, readVarsFile } from './read-vars.ts';
import { inspect, openList, type Reading, report } from './reading.ts';
import { scanTemplates } from './scan-templates.ts';
import { type BatchSize, readBatchSize } from './serial.ts';
import { isMap, isTemplate, itemsOf, part, type Written } from './written.ts';

/** What a play has from the playbook that imports it. */
export interface Outside {
  readonly vars: Vars;
  readonly tags: readonly string[];
}

/** One play of a playbook file. */
export function readPlay(reading: Reading, file: string, entry: Written, outside: Outside): Play | undefined {
  const label = labelOf('play', entry);
  const kept = inspect(reading, entry, playSchema, label);
  if (!kept) return undefined;
  const folder = dirname(file);
  const search: Search = {
    templates: [join(folder, 'templates'), folder],
    files: [join(folder, 'files'), folder],
  };
  const around: Around = {
    tags: [...new Set([...outside.tags, ...tagsOf(entry)])],
    notify: [],
    become: kept['become'] as boolean | undefined,
    runOnce: false,
    noLog: false,
    search,
    files: [file],
  };
  const handlers: HandlerTask[] = [];
  const roles = has(entry, 'roles') ? readRoles(reading, part(entry, 'roles'), folder, around, handlers) : [];
  const section = (key: string) => (has(entry, key) ? readItems(reading, part(entry, key), around) : []);
  const items: readonly Item[] = [...section('pre_tasks'), ...roles, ...section('tasks'), ...section('post_tasks')];
  handlers.push(...readHandlers(reading, has(entry, 'handlers') ? part(entry, 'handlers') : undefined, around));
  const hosts = readHosts(reading, entry, kept['order'] as string | undefined);
  return {
    name:
      (kept['name'] as string | undefined) ??
      itemsOf(entry, 'hosts')
        .map((one) => one.value)
        .join(', '),
    at: entry.at([kept['name'] === undefined ? 'hosts' : 'name'])!,
    folder,
    search,
    hosts,
    sizes: readSizes(reading, entry),
    vars: over(
      over(readVarsFiles(reading, entry, folder), outside.vars),
      readVars(reading, maybe(entry, 'vars'), 'play vars'),
    ),
    facts: readFacts(reading, entry),
    items,
    handlers,
  };
}

function readHosts(reading: Reading, entry: Written, order: string | undefined): readonly string[] {
  const patterns = itemsOf(entry, 'hosts');
  const templated = patterns.find((one) => isTemplate(String(one.value)));
  if (templated) {
    report(reading, templated, {
      code: 'template-in-hosts',
      what: '`hosts` cannot hold a template.',
      why: 'Which hosts a play is about must be plain before any variable of a host is known.',
      mend: 'Name a group, and choose among its hosts with `--limit`.',
    });
    return [];
  }
  const found = matchHosts(reading.inventory, patterns.map((one) => String(one.value)).join(','));
  if (!found.ok) {
    const at = patterns.length === 1 ? patterns[0]!.at() : entry.at(['hosts']);
    reading.faults.push(...found.faults.map((fault) => ({ ...fault, ...(at && { at: fault.at ?? at }) })));
    return [];
  }
  const hosts = [...found.value];
  const at = patterns.length === 1 ? patterns[0]!.at() : entry.at(['hosts']);
  reading.faults.push(...found.warnings.map((fault) => ({ ...fault, ...(at && { at }) })));
  if (hosts.length === 0 && found.warnings.length === 0) {
    report(
      reading,
      part(entry, 'hosts'),
      {
        code: 'no-hosts',
        what: 'No host of the inventory matches this play.',
        mend: 'Correct `hosts`, or add hosts to the group.',
      },
      'warning',
    );
  }
  if (order === 'sorted' || order === 'reverse_sorted') hosts.sort((a, b) => (a < b ? -1 : 1));
  return order?.startsWith('reverse') ? hosts.reverse() : hosts;
}

function readSizes(reading: Reading, entry: Written): readonly BatchSize[] {
  return itemsOf(entry, 'serial').flatMap((one) => {
    const size = readBatchSize(one.value);
    if (size) return [size];
    report(reading, one, {
      code: 'bad-serial',
      what: `\`serial\` cannot be "${String(one.value)}".`,
      why: 'It is a number of hosts from 1, a percentage from 1% to 100%, or a list of these.',
      mend: 'Write, for example: serial: [1, "50%"]',
    });
    return [];
  });
}

function readVarsFiles(reading: Reading, entry: Written, folder: string): Vars {
  return itemsOf(entry, 'vars_files').reduce<Vars>((vars, one) => {
    const path = join(folder, String(one.value));
    if (!reading.project.files.has(path)) {
      report(reading, one, missingFile(reading, path));
      return vars;
    }
    return over(vars, readVarsFile(reading, path, 'play vars_files'));
  }, new Map());
}

function readFacts(reading: Reading, entry: Written): readonly DeclaredFact[] {
  if (!has(entry, 'facts')) return [];
  const whole = part(entry, 'facts');
  return Object.entries(
    whole.value as Readonly<Record<string, { readonly command: string; readonly type?: FactType }>>,
  ).flatMap(([name, fact]) => {
    if (builtInFacts.some((known) => known.name === name)) {
      report(
        reading,
        { at: part(whole, name), key: true },
        {
          code: 'reserved-name',
          what: `A play cannot declare the fact "${name}".`,
          why: 'Every host is asked for a fact of this name already.',
          mend: 'Choose another name, or take the declaration out.',
        },
      );
      return [];
    }
    const command = part(whole, name, 'command');
    scanTemplates(reading, command);
    return [{ name, type: fact.type ?? 'string', command, at: whole.at([name], 'key')! }];
  });
}

function readRoles(
  reading: Reading,
  list: Written,
  folder: string,
  around: Around,
  handlers: HandlerTask[],
): readonly Block[] {
  return (list.value as readonly unknown[]).flatMap((_, index) => {
    const block = readRoleUse(reading, part(list, index), folder, around, handlers);
    return block ? [block] : [];
  });
}

function readRoleUse(
  reading: Reading,
  entry: Written,
  folder: string,
  around: Around,
  handlers: HandlerTask[],
): Block | undefined {
  const short = typeof entry.value === 'string';
  const kept = short ? {} : inspect(reading, entry, roleEntrySchema, 'The entry of a role');
  if (!kept) return undefined;
  const at = short ? entry : part(entry, 'role');
  const role = readRole(reading, String(at.value), folder, at);
  if (!role) return undefined;
  const own = readVarsFile(reading, roleFile(reading, role.folder, 'vars'), 'role vars');
  const roleSearch: Search = {
    templates: [join(role.folder, 'templates'), role.folder, ...around.search.templates],
    files: [join(role.folder, 'files'), role.folder, ...around.search.files],
  };
  const use: RoleUse = {
    role,
    at: at.at()!,
    search: roleSearch,
    vars: over(own, readVars(reading, maybe(entry, 'vars'), 'role vars')),
  };
  const file = roleFile(reading, role.folder, 'tasks');
  const below: Around = {
    ...around,
    tags: [...new Set([...around.tags, ...(short ? [] : tagsOf(entry))])],
    become: (kept['become'] as boolean | undefined) ?? around.become,
    role: use,
    search: roleSearch,
    files: [file ?? join(role.folder, 'tasks.yml')],
  };
  const tasks = openList(reading, file, 'A file of tasks');
  const frame = { is: 'block', vars: new Map(), when: short ? [] : readWhen(reading, entry), role: use } as const;
  const handlersFile = roleFile(reading, role.folder, 'handlers');
  const listed = openList(reading, handlersFile, 'A file of handlers');
  handlers.push(...readHandlers(reading, listed, { ...below, files: [handlersFile ?? ''] }));
  return { ...frame, items: tasks ? readItems(reading, tasks, below) : [] };
}

function readHandlers(reading: Reading, list: Written | undefined, around: Around): readonly HandlerTask[] {
  if (!list || !Array.isArray(list.value)) return [];
  return list.value.flatMap((_, index) => readHandler(reading, part(list, index), around) ?? []);
}

function has(entry: Written, key: string): boolean {
  return isMap(entry.value) && entry.value[key] !== undefined;
}

function maybe(entry: Written, key: string): Written | undefined {
  return has(entry, key) ? part(entry, key) : undefined;
}

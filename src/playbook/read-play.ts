import { dirname, join } from 'node:path/posix';
import { matchHosts } from '../inventory/match-hosts.ts';
import { type Around, tagsOf } from './around.ts';
import { checkNotifications } from './check-notifications.ts';
import { labelOf } from './labels.ts';
import { playSchema } from './language.ts';
import { missingFile } from './missing-file.ts';
import type { Item, Play, Search, Vars } from './playbook.ts';
import { readFacts } from './read-facts.ts';
import { readItems } from './read-items.ts';
import { readRoleUse } from './read-role-use.ts';
import { readRoll } from './read-roll.ts';
import { readHandlers } from './read-task.ts';
import { over, readVars, readVarsFile } from './read-vars.ts';
import { inspect, type Reading, report } from './reading.ts';
import { type BatchSize, readBatchSize } from './serial.ts';
import { isTemplate, itemsOf, part, under, type Written } from './written.ts';

/** What a play has from the playbook that imports it. */
export interface Outside {
  readonly vars: Vars;
  readonly tags: readonly string[];
}

/** One play of a playbook file. */
export function readPlay(reading: Reading, file: string, entry: Written, outside: Outside): Play | undefined {
  const label = labelOf('play', entry);
  const kept = inspect(reading, entry, playSchema, label);
  return kept && playOf(reading, file, kept, outside);
}

function playOf(reading: Reading, file: string, entry: Written, outside: Outside): Play {
  const own = entry.value as { readonly name?: string; readonly become?: boolean; readonly order?: string };
  const folder = dirname(file);
  const search: Search = {
    templates: [join(folder, 'templates'), folder],
    files: [join(folder, 'files'), folder],
  };
  const around: Around = {
    tags: [...new Set([...outside.tags, ...tagsOf(entry)])],
    notify: [],
    become: own.become,
    runOnce: false,
    noLog: false,
    search,
    files: [file],
  };
  const section = (key: string) => readItems(reading, under(entry, key), around);
  const before = section('pre_tasks');
  const roles = itemsOf(entry, 'roles').flatMap((one) => readRoleUse(reading, one, folder, around) ?? []);
  const items: readonly Item[] = [
    ...before,
    ...roles.map((one) => one.block),
    ...section('tasks'),
    ...section('post_tasks'),
  ];
  const sound = reading.faults.length;
  const handlers = [
    ...roles.flatMap((one) => one.handlers),
    ...readHandlers(reading, under(entry, 'handlers'), around),
  ];
  const roll = readRoll(reading, entry, around);
  if (reading.faults.length === sound && roles.every((one) => one.sound)) {
    checkNotifications(reading, [...items, ...(roll?.drain ?? [])], handlers);
  }
  return {
    name:
      own.name ??
      itemsOf(entry, 'hosts')
        .map((one) => one.value)
        .join(', '),
    at: entry.at([own.name === undefined ? 'hosts' : 'name'])!,
    folder,
    search,
    hosts: readHosts(reading, entry, own.order),
    sizes: readSizes(reading, entry),
    vars: over(
      over(readVarsFiles(reading, entry, folder), readVars(reading, under(entry, 'vars'), 'play vars')),
      outside.vars,
    ),
    facts: readFacts(reading, entry),
    items,
    handlers,
    ...(roll && { roll }),
    withNext: under(entry, 'with_next')?.value === true,
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
  const at = (patterns.length === 1 ? patterns[0]! : part(entry, 'hosts')).at();
  const found = matchHosts(reading.inventory, patterns.map((one) => String(one.value)).join(','));
  if (!found.ok) {
    reading.faults.push(...found.faults.map((fault) => ({ ...fault, ...(at && { at: fault.at ?? at }) })));
    return [];
  }
  const hosts = [...found.value];
  reading.faults.push(...found.warnings.map((fault) => ({ ...fault, ...(at && { at }) })));
  const mayBeEmpty = patterns.every((one) => reading.inventory.groups.get(String(one.value))?.given);
  if (hosts.length === 0 && found.warnings.length === 0 && !mayBeEmpty) {
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
    if (isTemplate(path)) {
      report(reading, one, {
        code: 'template-in-path',
        what: 'A path of `vars_files` cannot hold a template.',
        why: 'Which variables there are must be plain before any of them is known.',
        mend: 'Use `group_vars/` and `host_vars/` for what differs between hosts.',
      });
      return vars;
    }
    if (!reading.project.files.has(path)) {
      report(reading, one, missingFile(reading, path));
      return vars;
    }
    return over(vars, readVarsFile(reading, path, 'play vars_files'));
  }, new Map());
}

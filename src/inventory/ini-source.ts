import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { addChild, addHosts, type Draft, groupNamed, setGroupVariable } from './draft.ts';
import { expandHosts } from './host-range.ts';
import { pythonLiteral } from './python-literal.ts';
import { constant } from './setting.ts';
import { shellWords } from './shell-words.ts';

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;

/** An INI inventory being read into a draft. */
interface Reading {
  readonly draft: Draft;
  readonly file: string;
  /** Group of the current section. */
  group: string;
  section: string;
  /** Children that were named before their own section came: name → who named them and where. */
  readonly awaited: Map<string, { readonly parents: string[]; readonly at: Place }>;
  /** Groups of which only `[name:vars]` was seen. */
  readonly bare: Map<string, Place>;
}

/** A line without the blanks around it, and where it begins. */
interface Line {
  readonly text: string;
  readonly number: number;
  readonly indent: number;
}

/** Adds the groups, hosts and variables of an INI inventory to a draft. */
export function readIniSource(draft: Draft, file: string, text: string): void {
  const reading: Reading = {
    draft,
    file,
    group: 'ungrouped',
    section: 'hosts',
    awaited: new Map(),
    bare: new Map(),
  };
  for (const [i, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line: Line = { text: raw.trim(), number: i + 1, indent: raw.length - raw.trimStart().length };
    if (line.text !== '' && !/^[;#]/.test(line.text)) readLine(reading, line);
  }
  for (const [name, { parents, at }] of reading.awaited) undefinedGroup(reading, name, at, `[${parents[0]}:children]`);
  for (const [name, at] of reading.bare) undefinedGroup(reading, name, at, `[${name}:vars]`);
}

function readLine(reading: Reading, line: Line): void {
  const header = SECTION.exec(line.text);
  if (header) enterSection(reading, header[1]!, header[2] ?? 'hosts', line);
  else if (/^\[.*\]$/.test(line.text)) {
    const what = `"${line.text}" is not the head of a section.`;
    fault(reading, line, { code: 'bad-section', what, mend: 'Write [group], [group:children] or [group:vars].' });
  } else if (reading.section === 'hosts') readHostLine(reading, line);
  else if (reading.section === 'vars') readVariableLine(reading, line);
  else if (reading.section === 'children') readChildLine(reading, line);
}

function enterSection(reading: Reading, group: string, section: string, line: Line): void {
  const { draft, awaited, bare } = reading;
  reading.group = group;
  reading.section = section;
  if (!['hosts', 'children', 'vars'].includes(section)) {
    const what = `A section "${section}" of a group is not known.`;
    fault(reading, line, { code: 'bad-section', what, mend: didYouMean(section, ['children', 'vars', 'hosts']) });
    return;
  }
  if (section === 'vars') {
    if (!draft.groups.has(group) && !awaited.has(group)) bare.set(group, placeOf(reading, line));
    groupNamed(draft, group);
    return;
  }
  groupNamed(draft, group);
  bare.delete(group);
  const waiting = awaited.get(group);
  awaited.delete(group);
  for (const parent of waiting?.parents ?? []) addChild(draft, parent, group, waiting!.at);
}

function readHostLine(reading: Reading, line: Line): void {
  const { draft, group } = reading;
  const split = shellWords(line.text);
  if ('fault' in split) {
    fault(reading, line, { code: 'bad-line', what: split.fault });
    return;
  }
  const [first, ...rest] = split.words;
  if (!first) return;
  const expansion = expandHosts(first.text);
  if ('fault' in expansion) {
    const { fault: what, ...mend } = expansion;
    fault(reading, line, { code: 'bad-host', what, ...mend }, first.start, first.text.length);
    return;
  }
  if (split.cutAt !== undefined) {
    const what = 'The "#" inside this word begins a comment, and cuts the word short.';
    const mend = 'Put the value in quotes, or a blank before the comment.';
    const at = placeOf(reading, line, split.cutAt, 1);
    draft.diagnostics.push({ code: 'cut-by-comment', severity: 'warning', what, at, mend });
  }
  const at = placeOf(reading, line, first.start, first.text.length);
  for (const name of expansion.names) {
    const source = `host "${name}" in the inventory`;
    const port = expansion.port === undefined ? undefined : constant('ansible_port', expansion.port, at, source);
    addHosts(draft, group, [name], port, at);
  }
  for (const { text, start } of rest) {
    const equals = text.indexOf('=');
    if (equals < 1) {
      const what = `"${text}" after a host's name is not of the form name=value.`;
      const mend = 'Write each variable as name=value; give each host a line of its own.';
      fault(reading, line, { code: 'bad-line', what, mend }, start, text.length);
      continue;
    }
    const valueAt = placeOf(reading, line, start + equals + 1, text.length - equals - 1);
    for (const name of expansion.names) {
      const setting = constant(
        text.slice(0, equals),
        parsed(text.slice(equals + 1)),
        valueAt,
        `host "${name}" in the inventory`,
      );
      draft.hosts.get(name)!.settings.push(setting);
    }
  }
}

function readVariableLine(reading: Reading, line: Line): void {
  const equals = line.text.indexOf('=');
  if (equals < 1) {
    const what = `"${line.text}" is not of the form name=value.`;
    fault(reading, line, { code: 'bad-line', what, mend: 'Write name=value.' });
    return;
  }
  const raw = line.text.slice(equals + 1);
  const start = equals + 1 + raw.length - raw.trimStart().length;
  const at = placeOf(reading, line, start, raw.trim().length);
  const name = line.text.slice(0, equals).trim();
  const source = `group "${reading.group}" in the inventory`;
  setGroupVariable(reading.draft, reading.group, constant(name, parsed(raw.trim()), at, source));
}

function readChildLine(reading: Reading, line: Line): void {
  const { draft, group, awaited } = reading;
  const child = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line.text)?.[1];
  if (child === undefined) {
    const what = `"${line.text}" is not the name of a group.`;
    fault(reading, line, { code: 'bad-line', what, mend: 'Give one group on each line.' });
    return;
  }
  const at = placeOf(reading, line, 0, child.length);
  const waiting = awaited.get(child);
  if (draft.groups.has(child)) addChild(draft, group, child, at);
  else if (waiting) waiting.parents.push(group);
  else awaited.set(child, { parents: [group], at });
}

function parsed(text: string): unknown {
  const literal = pythonLiteral(text);
  return literal ? literal.value : text;
}

function undefinedGroup(reading: Reading, name: string, at: Place, where: string): void {
  const known = [...reading.draft.groups.keys()].filter((group) => group !== name && group !== 'ungrouped');
  const what = `The group "${name}" in ${where} is not defined.`;
  const mend = `${didYouMean(name, known)} A group is defined by its own section [${name}].`;
  reading.draft.diagnostics.push({ code: 'unknown-group', severity: 'error', what, at, mend });
}

function placeOf(reading: Reading, line: Line, start = 0, length = line.text.length): Place {
  const col = line.indent + start + 1;
  return { file: reading.file, line: line.number, col, endCol: col + Math.max(1, length) };
}

function fault(
  reading: Reading,
  line: Line,
  words: Omit<Diagnostic, 'severity'>,
  start?: number,
  length?: number,
): void {
  reading.draft.diagnostics.push({ severity: 'error', at: placeOf(reading, line, start, length), ...words });
}

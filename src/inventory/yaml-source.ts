import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { YamlDocument } from '../yaml/yaml.ts';
import { addChild, addHosts, type Draft, groupNamed, setGroupVariable } from './draft.ts';
import { expandHosts } from './host-range.ts';
import { constant, isMapping, type Mapping, type Path, settingAt } from './setting.ts';

/** A YAML inventory being read into a draft. */
interface Reading {
  readonly draft: Draft;
  readonly document: YamlDocument;
}

const SECTIONS = ['hosts', 'children', 'vars'];

/** Adds the groups, hosts and variables of a YAML inventory to a draft. */
export function readYamlSource(draft: Draft, document: YamlDocument): void {
  const reading: Reading = { draft, document };
  const root = document.value;
  if (root === null) return;
  if (!isMapping(root)) {
    const what = 'An inventory must be a mapping of groups.';
    fault(reading, { code: 'wrong-type', what, mend: 'Begin with: all:' }, []);
  } else if (root['plugin'] !== undefined && !isMapping(root['plugin'])) {
    const what = `This inventory comes from the plugin "${String(root['plugin'])}"; hadeploy reads only what stands in files.`;
    const mend = 'Write its outcome to a file: `ansible-inventory --list --yaml > hosts.yml`.';
    fault(reading, { code: 'inventory-plugin', what, mend }, ['plugin'], 'key');
  } else {
    for (const [name, data] of Object.entries(root)) readGroup(reading, name, data, [name]);
  }
}

function readGroup(reading: Reading, name: string, data: unknown, path: Path): void {
  const { draft, document } = reading;
  groupNamed(draft, name);
  const group = section(reading, data, path, `The group "${name}"`);
  for (const key of Object.keys(group)) {
    if (SECTIONS.includes(key)) continue;
    const why = 'A group has hosts, children and vars; a variable of the group stands under vars.';
    const mend = didYouMean(key, SECTIONS);
    const what = `The group "${name}" has no key "${key}".`;
    fault(reading, { code: 'unknown-key', what, why, mend }, [...path, key], 'key');
  }
  const vars = section(reading, group['vars'], [...path, 'vars'], `"vars" of the group "${name}"`);
  for (const [variable, value] of Object.entries(vars)) {
    const source = `group "${name}" in the inventory`;
    setGroupVariable(draft, name, settingAt(document, [...path, 'vars', variable], variable, value, source));
  }
  const childrenPath = [...path, 'children'];
  const children = section(reading, group['children'], childrenPath, `"children" of the group "${name}"`, true);
  for (const [child, childData] of Object.entries(children)) {
    readGroup(reading, child, childData, [...childrenPath, child]);
    addChild(draft, name, child, document.at([...childrenPath, child], 'key'));
  }
  const hostsPath = [...path, 'hosts'];
  const hosts = section(reading, group['hosts'], hostsPath, `"hosts" of the group "${name}"`, true);
  for (const [pattern, vars] of Object.entries(hosts)) readHosts(reading, name, pattern, vars, [...hostsPath, pattern]);
}

function readHosts(reading: Reading, group: string, pattern: string, data: unknown, path: Path): void {
  const { draft, document } = reading;
  const expansion = expandHosts(pattern);
  if ('fault' in expansion) {
    const { fault: what, ...mend } = expansion;
    fault(reading, { code: 'bad-host', what, ...mend }, path, 'key');
    return;
  }
  const at = document.at(path, 'key');
  const source = (name: string) => `host "${name}" in the inventory`;
  const { names, port } = expansion;
  const vars = section(reading, data, path, `The host "${pattern}"`);
  for (const name of names) {
    const portSetting = port === undefined ? undefined : constant('ansible_port', port, at, source(name));
    addHosts(draft, group, [name], portSetting, at);
    for (const [variable, value] of Object.entries(vars)) {
      draft.hosts.get(name)!.settings.push(settingAt(document, [...path, variable], variable, value, source(name)));
    }
  }
}

/** A mapping, or nothing; `names` allows a single name too, as Ansible does. Anything else is a fault. */
function section(reading: Reading, data: unknown, path: Path, what: string, names = false): Mapping {
  if (data === undefined || data === null) return {};
  if (isMapping(data)) return data;
  if (names && typeof data === 'string') return { [data]: null };
  const found = Array.isArray(data) ? 'a list' : 'a single value';
  const mend = Array.isArray(data)
    ? 'Write each entry as a key, with a colon and without the dash: `mon-a:`.'
    : 'Write keys and values below it, or leave it empty.';
  fault(reading, { code: 'wrong-type', what: `${what} must be a mapping, not ${found}.`, mend }, path);
  return {};
}

function fault(reading: Reading, words: Omit<Diagnostic, 'severity'>, path: Path, what?: 'key'): void {
  reading.draft.diagnostics.push({ severity: 'error', at: reading.document.at(path, what), ...words });
}

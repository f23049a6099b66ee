import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Project, pathsBelow, textOf } from '../diagnostics/project.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { readYaml } from '../yaml/yaml.ts';
import type { Draft } from './draft.ts';
import { readIniSource } from './ini-source.ts';
import { isMapping } from './setting.ts';
import { readYamlSource } from './yaml-source.ts';

/** Endings of files in an inventory folder that Ansible leaves alone; unlike Ansible before 2.17 we read `.ini`. */
const IGNORED =
  /(?:^\.|~$|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|cfg|retry)$|^(?:group_vars|host_vars|vars_plugins|topology\.ya?ml)$)/;

/** Where an inventory is: its source files in order, and the folder that holds group_vars and host_vars. */
export interface Sources {
  readonly files: readonly string[];
  readonly folder: string;
}

/** The source files of an inventory: the file itself, or those of the folder but not of its subfolders. */
export function findSources(project: Project, path: string): Sources | Diagnostic {
  if (project.files.has(path)) {
    return { files: [path], folder: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '' };
  }
  const names = pathsBelow(project, path).map((file) => file.slice(path.length + 1));
  const files = names.filter((name) => !name.includes('/') && !IGNORED.test(name)).map((name) => `${path}/${name}`);
  if (files.length > 0) return { files, folder: path };
  return names.length > 0 ? emptyFolder(path) : noInventory(project, path);
}

/** Adds what one source file declares to a draft. */
export function readSource(project: Project, draft: Draft, file: string): void {
  const text = textOf(project, file) ?? '';
  const extension = /[^/.][^/]*(\.[^./]*)$/.exec(file)?.[1];
  const foreign = foreignFormat(text, extension);
  if (foreign) {
    draft.diagnostics.push(refusal(file, ...foreign));
  } else if (extension === undefined ? looksLikeYaml(text) : /^\.(?:ya?ml|json)$/.test(extension)) {
    const read = readYaml(file, text);
    draft.diagnostics.push(...(read.ok ? read.warnings : read.faults));
    if (read.ok) readYamlSource(draft, read.value);
  } else {
    readIniSource(draft, file, text);
  }
}

/** What a source is that hadeploy does not read, and the command that would turn it into something it does. */
function foreignFormat(text: string, extension: string | undefined): readonly [string, string] | undefined {
  if (text.startsWith('#!')) return ['is a program', 'FILE --list'];
  return extension === '.toml' ? ['is TOML', 'ansible-inventory -i FILE --list --yaml'] : undefined;
}

/** A file without an ending may be either; Ansible takes it for YAML when it can be read as a mapping. */
function looksLikeYaml(text: string): boolean {
  const read = readYaml('', text);
  if (read.ok) return isMapping(read.value.value);
  return /^[\w.-]+:\s*(?:#.*)?$/m.test(text) && !/^\[.*\]\s*$/m.test(text);
}

function refusal(file: string, complaint: string, command: string): Diagnostic {
  const what = `The inventory source ${file} ${complaint}; hadeploy reads YAML and INI.`;
  const mend = `Keep the output of \`${command.replace('FILE', file)}\` as a .yml or .json file in its place.`;
  return { code: 'inventory-format', severity: 'error', what, at: { file, line: 1, col: 1 }, mend };
}

function emptyFolder(path: string): Diagnostic {
  const what = `The folder ${path} holds no inventory file.`;
  return { code: 'no-inventory', severity: 'error', what, mend: `Write the hosts into ${path}/hosts.yml.` };
}

function noInventory(project: Project, path: string): Diagnostic {
  const known = new Set<string>();
  for (const file of project.files.keys()) {
    const folder = /^(.*)\/hosts(?:\.ya?ml|\.ini)?$/.exec(file)?.[1];
    if (folder !== undefined) known.add(folder);
  }
  const near = nearest(path, known);
  const list =
    known.size > 0 ? `There are: ${[...known].sort().join(', ')}.` : 'Give a folder or file with an inventory.';
  const mend = near === undefined ? list : `Did you mean ${near}?`;
  return { code: 'no-inventory', severity: 'error', what: `There is no inventory at ${path}.`, mend };
}

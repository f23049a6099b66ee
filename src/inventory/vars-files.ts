import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Project, pathsBelow, textOf } from '../diagnostics/project.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { readYaml } from '../yaml/yaml.ts';
import { isMapping, type Setting, settingAt } from './setting.ts';

const EXTENSIONS = ['', '.yml', '.yaml', '.json'];

/** The variables of a group_vars or host_vars folder: name of the group or host → its settings in order. */
export function readVarsFolder(
  project: Project,
  folder: string,
  kind: 'group_vars' | 'host_vars',
  known: ReadonlySet<string>,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, readonly Setting[]> {
  const base = folder === '' ? kind : `${folder}/${kind}`;
  const names = new Set(pathsBelow(project, base).map((path) => path.slice(base.length + 1).split('/')[0]!));
  const settings = new Map<string, readonly Setting[]>();
  const used = new Set<string>();
  for (const name of known) {
    const found = EXTENSIONS.map((extension) => name + extension).filter((entry) => names.has(entry));
    const [entry, ...shadowed] = found;
    if (entry === undefined) continue;
    for (const one of found) used.add(one);
    for (const one of shadowed) diagnostics.push(shadowedBy(project, `${base}/${one}`, `${base}/${entry}`));
    const files = filesOf(project, `${base}/${entry}`);
    settings.set(
      name,
      files.flatMap((file) => readVarsFile(project, file, `${kind} of "${name}"`, diagnostics)),
    );
  }
  for (const name of names) {
    if (used.has(name) || !/^[^.].*?(?:\.(?:ya?ml|json))?$/.test(name) || /\.(?!ya?ml$|json$)\w+$|~$/.test(name))
      continue;
    diagnostics.push(unknownOwner(project, `${base}/${name}`, kind, known));
  }
  return settings;
}

/** A file itself, or all files of a folder and its subfolders in the order of Ansible. */
function filesOf(project: Project, path: string): readonly string[] {
  if (project.files.has(path)) return [path];
  const children = new Map<string, boolean>();
  for (const file of pathsBelow(project, path)) {
    const [name, ...deeper] = file.slice(path.length + 1).split('/');
    children.set(name!, deeper.length > 0);
  }
  return [...children]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([name]) => !name.startsWith('.') && !name.endsWith('~'))
    .flatMap(([name, isFolder]) => {
      const extension = /.(\.[^.]*)$/.exec(name)?.[1] ?? '';
      if (isFolder) return extension === '' ? filesOf(project, `${path}/${name}`) : [];
      return EXTENSIONS.includes(extension) ? [`${path}/${name}`] : [];
    });
}

function readVarsFile(project: Project, file: string, source: string, diagnostics: Diagnostic[]): readonly Setting[] {
  const read = readYaml(file, textOf(project, file) ?? '');
  diagnostics.push(...(read.ok ? read.warnings : read.faults));
  if (!read.ok || read.value.value === null) return [];
  const { value } = read.value;
  if (isMapping(value)) {
    return Object.entries(value).map(([name, one]) => settingAt(read.value, [name], name, one, source));
  }
  const what = 'A file of variables must be a mapping of names to values.';
  diagnostics.push({ code: 'wrong-type', severity: 'error', what, at: read.value.at([]), mend: 'Write name: value.' });
  return [];
}

function startOf(project: Project, path: string) {
  const file = project.files.has(path) ? path : (pathsBelow(project, path)[0] ?? path);
  return { file, line: 1, col: 1 };
}

function shadowedBy(project: Project, path: string, winner: string): Diagnostic {
  const what = `${path} is not read, because there is ${winner}.`;
  const mend = 'Join them, or move both into one folder.';
  return { code: 'shadowed-vars', severity: 'warning', what, at: startOf(project, path), mend };
}

function unknownOwner(project: Project, path: string, kind: string, known: ReadonlySet<string>): Diagnostic {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:ya?ml|json)$/, '');
  const owner = kind === 'group_vars' ? 'group' : 'host';
  const what = `${path} is not used, for the inventory has no ${owner} "${name}".`;
  const mend = didYouMean(name, [...known]);
  return { code: `unknown-${owner}`, severity: 'warning', what, at: startOf(project, path), mend };
}

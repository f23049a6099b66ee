import { join, normalize, relative } from 'node:path/posix';
import { type Project, pathsBelow } from '../diagnostics/project.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { Given } from './content.ts';
import type { Search } from './playbook.ts';

/** Why a file that a task names was not found. */
interface NotFound {
  readonly what: string;
  readonly why: string;
  readonly mend: string;
}

/** The folders in which a name is looked for, nearest first; the project itself comes last. */
function foldersFor(search: Search, from: Given['from']): readonly string[] {
  return [...(from === 'template' ? search.templates : search.files), ''];
}

/** The path of a file (or, with `folder`, the files of a folder) by the name a task uses; undefined where there is none. */
export function findFile(project: Project, search: Search, from: Given['from'], name: string): string | undefined {
  return candidates(search, from, name).find((path) => project.files.has(path));
}

/** The paths of all files below a folder that a task names, and what to cut off to get their names in it. */
export function findFolder(
  project: Project,
  search: Search,
  from: Given['from'],
  name: string,
): { readonly folder: string; readonly paths: readonly string[] } | undefined {
  for (const candidate of candidates(search, from, name)) {
    const folder = candidate.endsWith('/') ? candidate : `${candidate}/`;
    const paths = pathsBelow(project, folder);
    if (paths.length > 0) return { folder, paths };
  }
  return undefined;
}

/** Paths of the project that a pattern with `*` and `?` names, in the first folder that has any; sorted. */
export function globFiles(project: Project, search: Search, pattern: string): readonly string[] {
  for (const candidate of candidates(search, 'source', pattern)) {
    const rule = new RegExp(
      `^${candidate
        .split(/([*?])/)
        .map(globPart)
        .join('')}$`,
    );
    const paths = [...project.files.keys()].filter((path) => rule.test(path)).sort();
    if (paths.length > 0) return paths;
  }
  return [];
}

function globPart(part: string): string {
  return part === '*' ? '[^/]*' : part === '?' ? '[^/]' : part.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
}

function candidates(search: Search, from: Given['from'], name: string): readonly string[] {
  if (name.startsWith('/')) return [normalize(name)];
  return foldersFor(search, from).map((folder) => (folder === '' ? normalize(name) : join(folder, name)));
}

/** The words for a file that is in none of the folders where it is looked for. */
export function notFound(project: Project, search: Search, from: Given['from'], name: string): NotFound {
  const folders = foldersFor(search, from);
  const names = folders.flatMap((folder) =>
    folder === '' ? [] : pathsBelow(project, folder === '.' ? '' : folder).map((path) => relative(folder, path)),
  );
  const near = nearest(name, names);
  const shown = folders.filter((folder) => folder !== '').map((folder) => `${folder}/`);
  return {
    what: `There is no file "${name}" for \`${from}\`.`,
    why: `Looked for it in ${shown.join(', ')}, and as a path of the project.`,
    mend: near === undefined ? 'Make the file, or correct its name.' : `Did you mean "${near}"?`,
  };
}

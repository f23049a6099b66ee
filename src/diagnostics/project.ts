/**
 * Everything that was read from disk for a run, as a value: path → bytes. Paths are as the user would write them
 * (relative to the working directory where possible) with `/` separators; symlinks are followed.
 */
export interface Project {
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The text of a file; undefined when it was not read. Bytes that are not UTF-8 become U+FFFD. */
export function textOf(project: Project, path: string): string | undefined {
  const bytes = project.files.get(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** The paths below a folder (`''` for all), sorted, so that the order of a disk never shows. */
export function pathsBelow(project: Project, folder: string): readonly string[] {
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  return [...project.files.keys()].filter((path) => path.startsWith(prefix)).sort();
}

/** A project made of texts: for tests and for values that never were on a disk. */
export function projectOf(texts: Readonly<Record<string, string>>): Project {
  const encoder = new TextEncoder();
  return { files: new Map(Object.entries(texts).map(([path, text]) => [path, encoder.encode(text)])) };
}

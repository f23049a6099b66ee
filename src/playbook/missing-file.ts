import { basename, dirname } from 'node:path/posix';
import { nearest } from '../diagnostics/suggest.ts';
import type { Reading } from './reading.ts';

/** The words for a file that is not in the project, with the nearest name in its folder. */
export function missingFile(
  reading: Pick<Reading, 'project'>,
  file: string,
): { code: string; what: string; mend: string } {
  const folder = dirname(file);
  const names = [...reading.project.files.keys()]
    .filter((path) => dirname(path) === folder)
    .map((path) => basename(path));
  const near = nearest(basename(file), names);
  return {
    code: 'missing-file',
    what: `There is no file ${file}.`,
    mend: near === undefined ? 'Make the file, or correct the path.' : `Did you mean "${near}"?`,
  };
}

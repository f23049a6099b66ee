import { extname } from 'node:path/posix';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { JinjaError, UNKNOWN } from '../jinja/jinja.ts';
import type { Path } from '../yaml/locate.ts';
import type { ContentReader, Given } from './content.ts';
import { findFile, findFolder, notFound } from './find-file.ts';
import { argsLabel, within } from './labels.ts';
import { attempt, type OnHost } from './on-host.ts';
import type { Task } from './playbook.ts';
import { namesOf, type Scope } from './scope.ts';
import { refusalOf } from './template-faults.ts';

/** Reads the content of files for a task on a host; faults are reported where the task names the file. */
export function contentReader(here: OnHost, task: Task, scope: Scope): ContentReader {
  return {
    read: (given, path) => readContent(here, task, scope, given, path),
    readFolder: (given, path) => readFolder(here, task, scope, given, path),
    refuse: (keys, path) => report(here, task, path, badContent(keys, path, argsLabel(task))),
  };
}

/** The words for a value that does not say in one way where the content of a file comes from. */
export function badContent(keys: readonly string[], path: Path, label: string): Omit<Diagnostic, 'severity' | 'at'> {
  const what =
    keys.length > 1 ? 'says more than once where its content comes from' : 'does not say where its content comes from';
  const near = keys.length === 1 ? nearest(keys[0]!, ['content', 'template', 'source']) : undefined;
  return {
    code: 'bad-content',
    what: `"${path.join('.')}" of ${within(label)} ${what}.`,
    why: 'Content is text, or a mapping of exactly one of content, template and source.',
    mend: near === undefined ? 'Write, for example: {template: app.yml.j2}' : `Did you mean "${near}"?`,
  };
}

function report(here: OnHost, task: Task, path: Path, fault: Omit<Diagnostic, 'severity' | 'at'>): void {
  const at = task.args.at(path);
  here.report({ severity: 'error', ...fault, ...(at && { at }) });
}

/** The bytes that a task gives, names or has rendered; UNKNOWN for what cannot be told yet, or has a fault. */
export function readContent(here: OnHost, task: Task, scope: Scope, given: Given, path: Path): unknown {
  const { from, value } = given;
  if (from === 'content' || typeof value === 'symbol') return value;
  const { project, templates } = here.estate.playbook;
  const file = typeof value === 'string' ? findFile(project, task.search, from, value) : undefined;
  if (file === undefined) {
    const isFolder = typeof value === 'string' && findFolder(project, task.search, from, value) !== undefined;
    const missing = notFound(project, task.search, from, String(value));
    const fault = isFolder
      ? { what: `"${String(value)}" is a folder.`, mend: 'Name a file; a folder goes under a key that ends with "/".' }
      : missing;
    report(here, task, path, { code: 'missing-file', ...fault });
    return UNKNOWN;
  }
  if (from === 'source') return textOrBytes(project.files.get(file)!);
  const text = attempt(
    here,
    () => task.args.at(path),
    () => {
      try {
        return templates.file(file, task.search, (name) => here.resolver.resolve(scope, name));
      } catch (error) {
        if (!(error instanceof JinjaError)) throw error;
        throw refusalOf(
          error,
          ({ template, line, col, endCol }) => {
            const where =
              template === undefined || template === file ? file : findFile(project, task.search, 'template', template);
            return { file: where ?? file, line, col, ...(endCol !== undefined && { endCol }) };
          },
          () => namesOf(scope),
        );
      }
    },
  );
  return text ?? UNKNOWN;
}

function readFolder(
  here: OnHost,
  task: Task,
  scope: Scope,
  given: Given,
  path: Path,
): Readonly<Record<string, unknown>> {
  const { project } = here.estate.playbook;
  const { from, value } = given;
  if (typeof value === 'symbol') return { '?': value };
  const found =
    from !== 'content' && typeof value === 'string' ? findFolder(project, task.search, from, value) : undefined;
  if (!found) {
    const missing = notFound(project, task.search, from, String(value));
    report(here, task, path, {
      ...missing,
      code: 'missing-file',
      what: `There is no folder "${String(value)}" with files in it.`,
    });
    return {};
  }
  return Object.fromEntries(
    found.paths.map((file) => {
      const name = file.slice(found.folder.length);
      const isTemplate = from === 'template' && extname(name) === '.j2';
      const bytes = readContent(here, task, scope, { from: isTemplate ? 'template' : 'source', value: file }, path);
      return [isTemplate ? name.slice(0, -'.j2'.length) : name, bytes];
    }),
  );
}

/** Text where the bytes are UTF-8, so that plans can show it; bytes otherwise. */
function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

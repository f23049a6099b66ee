import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import type { Project } from '../diagnostics/project.ts';

/** Bytes above which a file cannot be part of a project: such files do not belong into a deployment. */
const maxFileBytes = 16 * 1024 * 1024;
/** Files above which a folder is not a project but somebody's home. */
const maxFiles = 20_000;
const skipped = new Set(['.git', 'node_modules']);

/** Reads folders and files whole, once. Paths that do not exist are faults; what cannot be read is named, not skipped. */
export function readProject(paths: readonly string[]): Result<Project> {
  const files = new Map<string, Uint8Array>();
  const faults: Diagnostic[] = [];
  for (const path of new Set(paths)) {
    if (existsSync(path)) readInto(files, tidy(path), faults);
    else faults.push(fault('no-such-path', `${path} does not exist.`, 'Give a path as seen from the current folder.'));
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: { files }, warnings: [] };
}

function readInto(files: Map<string, Uint8Array>, path: string, faults: Diagnostic[]): void {
  try {
    const about = statSync(path);
    if (about.isDirectory()) {
      for (const entry of readdirSync(path, { withFileTypes: true }).sort(byName)) {
        if (!skipped.has(entry.name)) readInto(files, join(path, entry.name), faults);
      }
    } else if (about.isFile()) {
      if (about.size > maxFileBytes) {
        faults.push(fault('file-too-large', `${path} has ${about.size} bytes, more than hadeploy reads (16 MiB).`));
      } else if (files.size >= maxFiles) {
        if (files.size === maxFiles)
          faults.push(fault('too-many-files', `There are more than ${maxFiles} files below ${path}.`));
      } else {
        files.set(path, readFileSync(path));
      }
    }
  } catch (error) {
    faults.push(fault('unreadable', `${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`));
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

/** `./inventory/lab/` → `inventory/lab`. */
function tidy(path: string): string {
  return join(path).replace(/(.)\/$/, '$1');
}

function fault(code: string, what: string, mend?: string): Diagnostic {
  return { code, severity: 'error', what, ...(mend === undefined ? {} : { mend }) };
}

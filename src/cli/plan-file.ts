import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Diagnostic, Refusal, unwrap } from '../diagnostics/diagnostic.ts';
import { type Fingerprint, fingerprintsBy } from '../plan/fingerprint.ts';
import { looksLikePlan, readPlan } from '../plan/read-plan.ts';
import type { SavedPlan } from '../plan/saved-plan.ts';
import { printFaults } from './output.ts';

const keyBytes = 32;

/** Whether a path names a saved plan and no inventory: by its first bytes, or by its name. */
export function isPlanFile(path: string): boolean {
  try {
    return statSync(path).isFile() && (path.endsWith('.plan') || looksLikePlan(headOf(path)));
  } catch {
    return false;
  }
}

/** Refuses a place where a plan cannot be written, or where something else would be lost; before anything is asked. */
export function mustBeWritable(file: string): void {
  if (existsSync(file) && !looksLikePlan(statSync(file).isFile() ? headOf(file) : '')) {
    throw refusal('not-replaced', `${file} is there and is no plan.`, 'Name another file for the plan.');
  }
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw refusal('unwritable', `${file} cannot be written: ${codeOf(error)}.`, 'Name another file for the plan.');
  }
}

/** Writes a plan and its key, which is as new as the plan; both for their owner alone. */
export function writePlanFile(file: string, text: (print: Fingerprint) => string): void {
  const key = randomBytes(keyBytes);
  try {
    replace(keyFile(file), `${key.toString('base64')}\n`);
    replace(file, text(fingerprintsBy(key)));
  } catch (error) {
    throw refusal('unwritable', `${file} cannot be written: ${codeOf(error)}.`, 'Name another file for the plan.');
  }
}

/** A plan as it was made, with what its fingerprints are made by; throws a Refusal where it is not. */
export function readPlanFile(file: string, version: string): { readonly plan: SavedPlan; readonly print: Fingerprint } {
  const key = readKey(keyFile(file));
  const print = key && fingerprintsBy(key);
  const plan = unwrap(readPlan(readText(file), file, version, print));
  return { plan, print: print! };
}

function readKey(file: string): Uint8Array | undefined {
  if (!existsSync(file)) return undefined;
  const key = Buffer.from(readText(file), 'base64');
  if ((statSync(file).mode & 0o077) !== 0) printFaults([openKey(file)]);
  return key.length === keyBytes ? key : undefined;
}

function openKey(file: string): Diagnostic {
  return {
    code: 'open-key',
    severity: 'warning',
    what: `Others than its owner may read or write ${file}.`,
    why: 'Whoever has the key can try out what the secrets of a plan are.',
    mend: `chmod 600 ${file}`,
  };
}

function replace(file: string, text: string): void {
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, file);
}

function keyFile(file: string): string {
  return `${file}.key`;
}

function headOf(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    const head = Buffer.alloc(64);
    return head.toString('utf8', 0, readSync(descriptor, head));
  } finally {
    closeSync(descriptor);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw refusal('unreadable', `${file} cannot be read: ${codeOf(error)}.`, 'See who may read it.');
  }
}

function refusal(code: string, what: string, mend: string): Refusal {
  return new Refusal([{ code, severity: 'error', what, mend }]);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

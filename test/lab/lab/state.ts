import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './lab-error.ts';
import { labDir, labsDir } from './paths.ts';

/** What a lab must know about itself to be found again; what runs is read from the machine, never from here. */
export type LabState = {
  readonly version: 1;
  readonly name: string;
  readonly subnet: number;
  readonly bare: boolean;
  /** How large the disk of each host is, in MiB; as large as the machine's when left out. */
  readonly diskMb?: number;
  readonly hosts: readonly { readonly name: string; readonly address: string }[];
};

/** The lab's recorded state, or undefined when there is none. */
export function readState(lab: string): LabState | undefined {
  const file = join(labDir(lab), 'state.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LabState) : undefined;
}

/** Records the state, whole or not at all. */
export function writeState(state: LabState): void {
  const file = join(labDir(state.name), 'state.json');
  mkdirSync(labDir(state.name), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(`${file}.part`, file);
}

/** The names of all labs that have a folder. */
export function labNames(): readonly string[] {
  return existsSync(labsDir()) ? readdirSync(labsDir()).sort() : [];
}

/** Refuses a name that could not be part of a machine's name. */
export function checkLabName(name: string): void {
  if (!/^[a-z][a-z0-9-]{0,24}$/.test(name))
    throw new LabError(`"${name}" is no lab name: use up to 25 lower-case letters, digits and dashes.`, 3);
}

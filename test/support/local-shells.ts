import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frame, unframe } from '../../src/posix/frame.ts';
import { type Script, sh } from '../../src/posix/script.ts';
import { type Change, isDeed } from '../../src/resources/change.ts';
import type { AnyKind } from '../../src/resources/kind.ts';
import type { Step } from '../../src/resources/step.ts';
import { type HostStep, stepScript } from '../../src/run/step-script.ts';

/** A shell of this machine, and the programs that its scripts find. */
export interface LocalShell {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly path: string;
}

/** The POSIX shells of this machine; busybox, where there is one, with nothing but its own programs. */
export function localShells(): readonly LocalShell[] {
  const path = process.env['PATH'] ?? '';
  const plain = ['/bin/dash', '/bin/bash'].filter(existsSync);
  const shells = (plain.length > 0 ? plain : ['/bin/sh']).map((name): LocalShell => ({ name, argv: [name], path }));
  const busybox = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim();
  if (busybox === '') return shells;
  const applets = mkdtempSync(join(tmpdir(), 'busybox-'));
  process.on('exit', () => rmSync(applets, { recursive: true, force: true }));
  execFileSync(busybox, ['--install', '-s', applets]);
  return [...shells, { name: 'busybox', argv: [join(applets, 'sh')], path: applets }];
}

/** Runs a script as a host would: on the stdin of its shell. */
export function runHere(shell: LocalShell, script: Script): { code: number; stdout: string; stderr: string } {
  const [program, ...args] = shell.argv;
  const ended = spawnSync(program, args, {
    input: script.text,
    encoding: 'utf8',
    env: { PATH: shell.path, HOME: '/' },
  });
  return { code: ended.status ?? -1, stdout: ended.stdout, stderr: ended.stderr };
}

/** What a kind sees here and what it would change; probed between two others, so that a broken frame shows. */
export function lookHere(shell: LocalShell, kind: AnyKind, spec: unknown): { observed: unknown; change: Change } {
  const mark = 'b0a7d5f2c4e8419693d7';
  const { stdout, stderr } = runHere(shell, frame([sh`echo before`, kind.probe(spec) as Script, sh`echo after`], mark));
  const answers = unframe(stdout, stderr, mark, 3);
  if (answers?.[2]?.stdout !== 'after\n') throw new Error(`the probe broke its frame: ${stdout}\n${stderr}`);
  const observed: unknown = kind.parse(answers[1]!, spec);
  return { observed, change: kind.diff(spec, observed, { disturbed: false }) };
}

/** Brings a resource to its desired state on this machine; returns the change and what a second look still wants. */
export function bringHere(shell: LocalShell, kind: AnyKind, spec: unknown): { change: Change; after: Change } {
  const { observed, change } = lookHere(shell, kind, spec);
  if (isDeed(change)) for (const step of kind.apply(spec, change, observed)) doHere(shell, step);
  return { change, after: lookHere(shell, kind, spec).change };
}

/** Carries out one step on this machine. */
export function doHere(shell: LocalShell, step: Step): void {
  const { code, stderr } = runHere(shell, stepScript(step as HostStep));
  if (code !== 0) throw new Error(`step failed with ${code}: ${stderr}`);
}

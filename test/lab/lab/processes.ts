import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export type Process = { readonly pid: number; readonly args: readonly string[] };

/** The processes that this test holds for, read from /proc. */
export function findProcesses(wanted: (args: readonly string[]) => boolean): readonly Process[] {
  const found: Process[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const args = read(`/proc/${entry}/cmdline`)?.split('\0').slice(0, -1);
    if (args !== undefined && args.length > 0 && wanted(args)) found.push({ pid: Number(entry), args });
  }
  return found;
}

/** How many process namespaces deep a process is: 1 is this machine's own, 2 a host's, 3 a container's on a host. */
export const depthOf = (pid: number): number => idsOf(pid).length;

/** The process's id in the innermost of its namespaces. */
export const innermostId = (pid: number): number | undefined => idsOf(pid).at(-1);

function idsOf(pid: number): readonly number[] {
  const line = /^NSpid:\s*(.*)$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return line === undefined ? [] : line.split(/\s+/).map(Number);
}

/** A process's short name, as the kernel has it. */
export const nameOf = (pid: number): string | undefined => read(`/proc/${pid}/comm`)?.trim();

/** When a process began, in clock ticks since the machine booted; undefined when it has ended. */
export function startOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : Number(fields[19]);
}

/** Kills a process and waits until it has ended; one that has ended already is fine. */
export async function kill(pid: number): Promise<void> {
  const start = startOf(pid);
  if (start === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return;
  }
  for (let wait = 2; startOf(pid) === start; wait = Math.min(wait * 2, 50)) await sleep(wait);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

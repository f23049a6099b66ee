import { existsSync, statSync } from 'node:fs';
import { hostInit, type LabHost } from './host.ts';
import { isAlive } from './machine.ts';
import { machineName } from './names.ts';
import { type LabState, labNames, readState } from './state.ts';

/** One host's row in the table. */
export type HostStatus = LabHost & {
  readonly lab: string;
  readonly kind: 'bare' | 'prepared';
  readonly state: 'up' | 'not ready' | 'off';
  readonly pid: number | undefined;
  readonly upSeconds: number | undefined;
};

/** How every host of this lab, or of all labs, is right now, read from the machine. */
export function readStatus(lab?: string): readonly HostStatus[] {
  const states = (lab === undefined ? labNames() : [lab]).map(readState).filter((state) => state !== undefined);
  return states.flatMap((state) => state.hosts.map((host) => hostStatus(state, host)));
}

function hostStatus(state: LabState, host: LabHost): HostStatus {
  const machine = machineName(state.name, host.name);
  const pid = hostInit(state, host);
  return {
    ...host,
    lab: state.name,
    kind: state.bare ? 'bare' : 'prepared',
    state: pid !== undefined ? 'up' : isAlive(machine) ? 'not ready' : 'off',
    pid,
    upSeconds: pid === undefined ? undefined : secondsSince(pid),
  };
}

function secondsSince(pid: number): number | undefined {
  const folder = `/proc/${pid}`;
  return existsSync(folder) ? Math.round((Date.now() - statSync(folder).ctimeMs) / 1000) : undefined;
}

/** The rows as a table with a heading, columns aligned. */
export function statusTable(rows: readonly HostStatus[]): string {
  const cells = rows.map((row) => [
    row.lab,
    row.name,
    row.address,
    row.kind,
    row.state,
    row.upSeconds === undefined ? '-' : duration(row.upSeconds),
    row.pid === undefined ? '-' : String(row.pid),
  ]);
  const table = [['LAB', 'HOST', 'ADDRESS', 'KIND', 'STATE', 'UP', 'PID'], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** 75 → "1m 15s". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}

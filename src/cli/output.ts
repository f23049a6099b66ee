import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { formatDiagnostics } from '../diagnostics/format.ts';
import { paints } from '../ui/paint.ts';
import { exitCodes } from './exit-code.ts';

/** Whether a stream takes colours: a terminal, unless NO_COLOR or a dumb terminal says otherwise; FORCE_COLOR forces. */
export function takesColour(stream: NodeJS.WriteStream): boolean {
  if (process.env['FORCE_COLOR']) return process.env['FORCE_COLOR'] !== '0';
  return stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

/** Writes a text and a line end to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes faults to stderr, each with its source line. */
export function printFaults(faults: readonly Diagnostic[]): void {
  if (faults.length === 0) return;
  const paint = paints(takesColour(process.stderr)).fault;
  process.stderr.write(`${formatDiagnostics(faults, sourceOf, paint)}\n`);
}

/** The one place that catches: a Refusal is told as faults, a wrong command line by commander, the rest is our bug. */
export function failed(error: unknown): number {
  if (error instanceof Refusal) {
    printFaults(error.diagnostics);
    return exitCodes.badInput;
  }
  // commander has already printed its help or its message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a bug in hadeploy, please report it with what you ran:\n${stack}\n`);
  return exitCodes.hostFailed;
}

function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Options, Value } from '../../../src/jinja/jinja.ts';

export interface OracleRequest {
  readonly source: string;
  readonly context?: { readonly [name: string]: Value };
  readonly options?: Pick<Options, 'trimBlocks' | 'lstripBlocks' | 'keepTrailingNewline'>;
  readonly templates?: Readonly<Record<string, string>>;
}

export interface OracleAnswer {
  readonly text?: string;
  readonly error?: string;
  readonly message?: string;
}

/** Debian's own Python: a Python from elsewhere on the PATH may not see Debian's packages. */
const PYTHON = '/usr/bin/python3';

/** Why the real Jinja2 cannot be asked here, if it cannot. */
export function oracleMissing(): string | undefined {
  const probe = spawnSync(PYTHON, ['-c', 'import jinja2'], { encoding: 'utf8' });
  if (probe.status === 0) return undefined;
  return `${PYTHON} has no jinja2 (on Debian: apt-get install python3-jinja2)`;
}

/** What the real Jinja2 makes of each template. */
export function askOracle(requests: readonly OracleRequest[]): OracleAnswer[] {
  const script = fileURLToPath(new URL('./oracle.py', import.meta.url));
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const run = spawnSync(PYTHON, [script], { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (run.status !== 0) throw new Error(`The oracle failed: ${run.stderr}`);
  return run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as OracleAnswer);
}

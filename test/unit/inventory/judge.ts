import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Project } from '../../../src/diagnostics/project.ts';

/** The folder of the inventories to compare. */
export const ROOT = new URL('../../data/inventory/', import.meta.url).pathname;
const JUDGE = '/usr/bin/ansible-inventory';

/** What `ansible-inventory` said of an inventory: `--list`, `--graph`, and `--host` for one host. */
export interface Verdict {
  readonly list: unknown;
  readonly graph: readonly string[];
  readonly host: { readonly name: string; readonly vars: unknown };
}

/** The inventories to compare: path of the inventory below test/data/inventory, and the host to ask for. */
export const CASES = [
  ['yaml-file/inventory.yml', 'web-a'],
  ['ini-file/inventory.ini', 'web1'],
  ['ini-later/hosts', 'n1'],
  ['scalars/inventory.yml', 'h'],
  ['anchors/inventory.yml', 'w1'],
  ['nested/hosts.yml', 'b1'],
  ['priority/hosts.yml', 'h1'],
  ['priority-ini/hosts', 'h1'],
  ['levels/inventory', 'h'],
  ['folders/inventory', 'w1'],
  ['mixed/inventory', 'w1'],
  ['ungrouped/inventory', 'a'],
  ['only-empty-groups/hosts', 'h'],
  ['adjacent/hosts.ini', 'w1'],
  ['quoting/hosts', 'h3'],
] as const;

/** Everything below test/data/inventory, read from disk. */
export function dataProject(): Project {
  const files = new Map<string, Uint8Array>();
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else files.set(relative(ROOT, path), readFileSync(path));
    }
  };
  walk(ROOT);
  return { files };
}

const recordOf = (path: string) => join(ROOT, path.split('/')[0]!, 'expected.json');

/** The recorded verdict on an inventory. */
export function recorded(path: string): Verdict {
  return JSON.parse(readFileSync(recordOf(path), 'utf8'));
}

/** Replaces the recorded verdict. */
export function record(path: string, verdict: Verdict): void {
  writeFileSync(recordOf(path), `${JSON.stringify(verdict, null, 2)}\n`);
}

/** Whether Debian's Ansible is there to be asked. */
export const hasJudge = existsSync(JUDGE);

/** Asks the real program. */
export async function ask(path: string, host: string): Promise<Verdict> {
  const env = { PATH: '/usr/bin:/bin', HOME: '/nonexistent', LC_ALL: 'C.UTF-8', ANSIBLE_LOCAL_TEMP: '/tmp' };
  const run = async (...args: string[]) => {
    const options = { cwd: ROOT, env, encoding: 'utf8' } as const;
    return (await promisify(execFile)('/usr/bin/python3', [JUDGE, '-i', path, ...args], options)).stdout;
  };
  const [list, graph, vars] = await Promise.all([run('--list'), run('--graph'), run('--host', host)]);
  return { list: JSON.parse(list), graph: graph.trimEnd().split('\n'), host: { name: host, vars: JSON.parse(vars) } };
}

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Project } from '../../../src/diagnostics/project.ts';

/** The folder of the inventories to compare. */
const ROOT = new URL('../../data/inventory/', import.meta.url).pathname;

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
export const hasJudge = existsSync('/usr/bin/ansible-inventory');

/** Runs the real program's own entry point in a fork for each question: loading it anew each time takes a second. */
const PROGRAM = `
import json, os, sys
from ansible.cli.inventory import InventoryCLI
def ask(args):
    receiver, sender = os.pipe()
    if os.fork() == 0:
        os.dup2(sender, 1)
        os.close(receiver)
        InventoryCLI.cli_executor(['ansible-inventory', *args])
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as output:
        text = output.read()
    os.wait()
    return text
print(json.dumps([ask(args) for args in json.load(sys.stdin)]))`;

/** Asks Ansible's own Python; `program` reads JSON on stdin and prints JSON. */
export function askPython(program: string, input: unknown, ...args: readonly string[]) {
  const env = { PATH: '/usr/bin:/bin', HOME: '/nonexistent', LC_ALL: 'C.UTF-8' };
  const options = { cwd: ROOT, env, input: JSON.stringify(input), encoding: 'utf8', stdio: 'pipe' } as const;
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', program, ...args], options));
}

/** The real program's verdicts on all cases, in their order. */
export function askAll(): readonly Verdict[] {
  const questions = CASES.flatMap(([path, host]) => [
    ['-i', path, '--list'],
    ['-i', path, '--graph'],
    ['-i', path, '--host', host],
  ]);
  const answers: readonly string[] = askPython(PROGRAM, questions);
  return CASES.map(([, name], i) => {
    const [list, graph, vars] = answers.slice(3 * i, 3 * i + 3) as [string, string, string];
    return { list: JSON.parse(list), graph: graph.trimEnd().split('\n'), host: { name, vars: JSON.parse(vars) } };
  });
}

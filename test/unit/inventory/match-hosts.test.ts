import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { projectOf } from '../../../src/diagnostics/project.ts';
import { matchHosts } from '../../../src/inventory/match-hosts.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { askPython, dataProject, hasJudge } from './judge.ts';

const inventory = unwrap(
  readInventory(
    projectOf({
      'hosts.yml': `
web:
  hosts: {web-a: , web-b: , web-c: }
db:
  hosts: {db-1: , db-2: , web-c: }
prod:
  children: {web: , db: }
edge:
  hosts: {"10.0.0.7": , "fe80::1": , gw.example.org: }
`,
    }),
    'hosts.yml',
  ),
);

const matched = (pattern: string, limit?: string) => unwrap(matchHosts(inventory, pattern, limit)).join(' ');

function codes(pattern: string, limit?: string) {
  const result = matchHosts(inventory, pattern, limit);
  return (result.ok ? result.warnings : result.faults).map(({ severity, code, mend }) => [severity, code, mend]);
}

describe('matchHosts', () => {
  it.each([
    ['all', '10.0.0.7 fe80::1 gw.example.org web-a web-b web-c db-1 db-2'],
    ['*', '10.0.0.7 fe80::1 gw.example.org web-a web-b web-c db-1 db-2'],
    ['web', 'web-a web-b web-c'],
    ['prod', 'web-a web-b web-c db-1 db-2'],
    ['db-1', 'db-1'],
    ['web-?', 'web-a web-b web-c'],
    ['w*', 'web-a web-b web-c'],
    ['*-[ab]', 'web-a web-b'],
    ['*-[!a-b]', 'web-c db-1 db-2'],
    ['~web-[bc]', 'web-b web-c'],
    ['~.*-(a|1)$', 'web-a db-1'],
    ['web:db', 'web-a web-b web-c db-1 db-2'],
    ['db,web-a', 'db-1 db-2 web-c web-a'],
    ['web, db-1', 'web-a web-b web-c db-1'],
    ['web:&db', 'web-c'],
    ['web:!db', 'web-a web-b'],
    ['!db:web', 'web-a web-b'],
    ['!prod', '10.0.0.7 fe80::1 gw.example.org'],
    ['&db', 'web-c db-1 db-2'],
    ['prod:!web:&db', 'db-1 db-2'],
    ['web[0]', 'web-a'],
    ['web[-1]', 'web-c'],
    ['web[0:1]', 'web-a web-b'],
    ['web[1:]', 'web-b web-c'],
    ['web[0]:db[0]', 'web-a db-1'],
    ['web[2:9]', 'web-c'],
    ['10.0.0.7', '10.0.0.7'],
    ['fe80::1', 'fe80::1'],
    ['*.example.org', 'gw.example.org'],
  ])('%s', (pattern, expected) => {
    expect(matched(pattern)).toBe(expected);
  });

  it.each([
    ['prod', 'db', 'web-c db-1 db-2'],
    ['web', 'db', 'web-c'],
    ['web', '!web-a', 'web-b web-c'],
    ['web', 'edge', ''],
    ['prod', 'web-b,db-2', 'web-b db-2'],
  ])('%s with the limit %s', (pattern, limit, expected) => {
    expect(matched(pattern, limit)).toBe(expected);
  });

  it('warns of a part that fits nothing in a pattern, and refuses it in a limit', () => {
    expect(codes('web:wbe')).toEqual([['warning', 'no-match', 'Did you mean "web"?']]);
    expect(codes('web:!db-3')).toEqual([['warning', 'no-match', 'Did you mean "db-1"?']]);
    expect(codes('web', 'web-d')).toEqual([['error', 'no-match', 'Did you mean "web-a"?']]);
    expect(codes('web', '~zzz')[0]).toContain('no-match');
  });

  it.each([
    ['@hosts.txt', 'a file of hosts'],
    ['web[7]', 'a position beyond the group'],
    ['web[0-1]', 'a range in the old form'],
    ['~web-(', 'a broken regular expression'],
  ])('refuses %s, %s', (pattern) => {
    expect(codes(pattern).map(([severity, code]) => `${severity} ${code}`)).toEqual(['error bad-pattern']);
  });
});

describe.skipIf(!hasJudge)('beside Ansible’s own pattern engine (skipped without Debian’s ansible-core)', () => {
  const judge = `
import json, sys
from ansible.parsing.dataloader import DataLoader
from ansible.inventory.manager import InventoryManager
from ansible.errors import AnsibleError
manager = InventoryManager(loader=DataLoader(), sources=[sys.argv[1]])
def ask(pattern, limit):
    manager.clear_caches()
    try:
        manager.subset(limit)
        return [host.name for host in manager.get_hosts(pattern)]
    except AnsibleError as error:
        return None
print(json.dumps([ask(*one) for one in json.load(sys.stdin)]))`;

  const ask = (path: string, questions: unknown): (string[] | null)[] => askPython(judge, questions, path);

  it.each(['yaml-file/inventory.yml', 'mixed/inventory', 'ini-file/inventory.ini'])(
    '%s',
    { timeout: 60_000 },
    (path) => {
      const read = unwrap(readInventory(dataProject(), path));
      const names = [...read.groups.keys(), ...read.hosts.keys()].filter((name) => !name.includes('::'));
      const plain = fc.oneof(
        { arbitrary: fc.constantFrom(...names), weight: 5 },
        fc.constantFrom('*', 'w*', '*1*', '*[0-4]*', '~.*b', '~w.b', 'web?[1ab]', 'missing', '*.org'),
        fc.constantFrom('web[0]', 'web[-1]', 'web[0:1]', 'web[1:]', 'db[0]', 'web[99]', 'web[5:9]'),
      );
      const part = fc.tuple(fc.constantFrom('', '', '', '!', '&'), plain).map(([sign, name]) => sign + name);
      const pattern = fc
        .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom(':', ','))
        .map(([parts, separator]) => parts.join(separator));
      const limit = fc.option(fc.array(part, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(',')));
      const questions = fc.sample(fc.tuple(pattern, limit), 400);
      const answers = ask(path, questions);
      for (const [i, [hosts, within]] of questions.entries()) {
        const ours = matchHosts(read, hosts, within ?? undefined);
        const isRefusedLimit = !ours.ok && ours.faults.every((fault) => fault.code !== 'bad-pattern');
        if (!isRefusedLimit) expect([hosts, within, ours.ok ? ours.value : null]).toEqual([hosts, within, answers[i]]);
      }
    },
  );
});

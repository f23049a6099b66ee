import { expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { projectOf } from '../../../src/diagnostics/project.ts';
import { explainVariable } from '../../../src/inventory/explain-variable.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';

const inventory = unwrap(
  readInventory(
    projectOf({
      'inv/hosts.yml': 'web:\n  hosts:\n    a:\n      interval: 15s\n  vars:\n    interval: 1m\n',
      'inv/group_vars/all.yml': 'interval: 30s\nlimits: {cpu: 2, tags: [x]}\ndb_password: hunter2\n',
    }),
    'inv',
  ),
);

it('tells the value, its place, its level, and what it overrode', () => {
  expect(unwrap(explainVariable(inventory, 'a', 'interval'))).toBe(`interval of a is 15s
  set by    host "a" in the inventory, inv/hosts.yml:4
  overrode  group_vars of "all", inv/group_vars/all.yml:1: 30s
  overrode  group "web" in the inventory, inv/hosts.yml:6: 1m`);
});

it('writes out what is nested', () => {
  expect(unwrap(explainVariable(inventory, 'a', 'limits'))).toBe(`limits of a is${' '}
    cpu: 2
    tags:
      - x
  set by    group_vars of "all", inv/group_vars/all.yml:2`);
});

it('keeps secrets to itself', () => {
  expect(unwrap(explainVariable(inventory, 'a', 'db_password'))).not.toContain('hunter2');
});

it.each([
  ['mon-x', 'interval', 'unknown-host', 'Use one of: a.'],
  ['a', 'intervall', 'unknown-variable', 'Did you mean "interval"?'],
])('knows nothing of %s %s', (host, name, code, mend) => {
  const outcome = explainVariable(inventory, host, name);
  expect(outcome).toMatchObject({ ok: false, faults: [{ code, mend }] });
});

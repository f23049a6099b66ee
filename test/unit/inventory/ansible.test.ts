import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { graphText, hostJson, listJson } from '../../../src/inventory/listing.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { askAll, CASES, dataProject, hasJudge, record, recorded, type Verdict } from './judge.ts';

const project = dataProject();

/** Set to write down anew what the real Ansible says. */
const isRecording = process.env['HADEPLOY_RECORD'] !== undefined;

describe.skipIf(isRecording)('lists as ansible-inventory did when it was recorded', () => {
  it.each(CASES)('%s', (path, name) => {
    const inventory = unwrap(readInventory(project, path));
    const expected = recorded(path);
    expect(JSON.parse(listJson(inventory))).toEqual(expected.list);
    expect(graphText(inventory).split('\n')).toEqual(expected.graph);
    expect({ name, vars: JSON.parse(hostJson(inventory.hosts.get(name)!)) }).toEqual(expected.host);
  });
});

describe.skipIf(!hasJudge)(
  'the records are what ansible-inventory says (skipped without Debian’s ansible-core)',
  () => {
    let verdicts: readonly Verdict[] = [];
    beforeAll(() => {
      verdicts = askAll();
    }, 120_000);

    it.each(CASES.map(([path], i) => [path, i] as const))('%s', (path, i) => {
      if (isRecording) record(path, verdicts[i]!);
      else expect(verdicts[i]).toEqual(recorded(path));
    });
  },
);

import { estateInventory } from '../estate/inventory.ts';
import { floorOf } from './floor.ts';
import { alternate, type Command, succeed } from './measure.ts';
import type { Row } from './row.ts';
import type { Bench } from './stack.ts';

/** The row about the whole estate of the lab, on three fresh hosts. */
export async function estateRows({ lab, folder, runs, say, wants }: Bench): Promise<readonly Row[]> {
  if (!wants('estate')) return [];
  const inventory = estateInventory(lab);
  const own: Command = { argv: [process.execPath, 'bin/hadeploy', 'apply', inventory, '--yes'] };
  say('The whole estate, deployed by hadeploy:');
  const first = await succeed(own);
  say(`  ${first.seconds.toFixed(1)} s`);
  say('No-op apply of the whole estate:');
  const floor = await floorOf(lab, inventory, folder);
  const measured = await alternate(
    [
      { name: 'hadeploy', work: () => succeed(own) },
      { name: 'floor', work: floor.work },
    ],
    runs,
    say,
  );
  return [
    {
      key: 'estate',
      work: 'no-op apply of the whole lab estate, 3 hosts',
      measured,
      goals: [{ than: 'floor', atMost: 1.6 }],
      others: [],
      notes: [`${floor.bytes} bytes of script to the three hosts.`],
    },
  ];
}

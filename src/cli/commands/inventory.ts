import { Refusal, unwrap } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { graphText, hostJson, listJson } from '../../inventory/listing.ts';
import { exitCodes } from '../exit-code.ts';
import { loadInventory } from '../load.ts';
import { print, printFaults } from '../output.ts';

/** `hadeploy inventory`: the inventory as `ansible-inventory` prints it, with what its topology adds; the exit code. */
export function showInventory(path: string, options: { readonly graph?: boolean; readonly host?: string }): number {
  const read = loadInventory(path);
  const { inventory } = unwrap(read);
  printFaults(read.ok ? read.warnings : []);
  if (options.graph) {
    print(graphText(inventory).trimEnd());
  } else if (options.host !== undefined) {
    const host = inventory.hosts.get(options.host);
    if (host === undefined) {
      const what = `There is no host "${options.host}" in ${inventory.path}.`;
      const mend = didYouMean(options.host, [...inventory.hosts.keys()]);
      throw new Refusal([{ code: 'unknown-host', severity: 'error', what, mend }]);
    }
    print(hostJson(host).trimEnd());
  } else {
    print(listJson(inventory).trimEnd());
  }
  return exitCodes.done;
}

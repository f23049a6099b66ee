import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Lab } from '../lab/lab.ts';

/** Copies the inventory of two servers to a folder and points it at another lab: addresses, key, registry. */
export function copyInventory(lab: Lab, folder: string): void {
  const origin = resolve('test/lab/inventory/two-servers');
  const subnet = lab.bridgeAddress.replace(/\d+$/, '');
  cpSync(origin, folder, { recursive: true });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    if (statSync(file).isDirectory()) continue;
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll('10.90.0.', subnet).replaceAll('/var/lib/hadeploy-lab/lab/', `${lab.dir}/`));
  }
}

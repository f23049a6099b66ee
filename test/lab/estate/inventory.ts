import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../lab/lab.ts';

/** Copies the inventory of the estate to a folder of its own, with this lab's addresses and keys; gives its path. */
export function estateInventory(lab: Lab): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'hadeploy-estate-')), 'estate');
  cpSync('inventory/lab', folder, { recursive: true });
  const network = lab.bridgeAddress.replace(/\.1$/, '.');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.yml')) continue;
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replaceAll('10.90.0.', network).replaceAll(/\/\S+\/lab\/(?=id_ed25519|known_hosts)/g, `${lab.dir}/`),
    );
  }
  return folder;
}

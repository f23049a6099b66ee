import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './command.ts';

/** Turns a folder of .deb files into a flat apt source by writing its Packages index. */
export async function indexPackages(folder: string): Promise<void> {
  rmSync(join(folder, 'partial'), { recursive: true, force: true });
  rmSync(join(folder, 'lock'), { force: true });
  const stanzas: string[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    const control = await must('dpkg-deb', ['--field', join(folder, file)]);
    const bytes = readFileSync(join(folder, file));
    const sum = createHash('sha256').update(bytes).digest('hex');
    stanzas.push(`${control.trimEnd()}\nFilename: ./${file}\nSize: ${bytes.length}\nSHA256: ${sum}\n`);
  }
  writeFileSync(join(folder, 'Packages'), stanzas.join('\n'));
}

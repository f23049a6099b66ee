// `npm run lab -- ...`: installs the packages if they are missing, bundles the lab's command and runs it.
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setup } from './setup.mjs';

setup();
const { build } = await import('esbuild');
// A file of its own, gone afterwards: two runs at once, or one as root, must not spoil each other's.
const outfile = resolve(root, `dist/lab/lab-${process.pid}.mjs`);
try {
  await build({
    entryPoints: [resolve(root, 'test/lab/cli.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  await import(pathToFileURL(outfile));
} finally {
  rmSync(outfile, { force: true });
}

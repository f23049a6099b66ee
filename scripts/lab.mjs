// `npm run lab -- ...`: installs the packages if they are missing, bundles the lab's command and runs it.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setup } from './setup.mjs';

setup();
const { build } = await import('esbuild');
const outfile = resolve(root, 'dist/lab/lab.mjs');
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

// Bundles a program that is written in TypeScript and runs it, after installing the packages if they are missing.
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setup } from './setup.mjs';

/** Runs the program that a file of this project begins. */
export async function runBundled(entry) {
  setup();
  const { build } = await import('esbuild');
  // A file of its own, gone afterwards: two runs at once, or one as root, must not spoil each other's.
  const outfile = resolve(root, `dist/lab/bundled-${process.pid}.mjs`);
  try {
    await build({
      entryPoints: [resolve(root, entry)],
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
}

// `npm run lab -- ...`: installs the packages if they are missing, bundles the lab tool and runs it.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
execFileSync('sh', [resolve(root, 'scripts/setup.sh')], { stdio: ['ignore', 2, 2] });
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

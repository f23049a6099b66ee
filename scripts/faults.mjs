// `npm run test:faults`: builds the program, and lets an upgrade of an estate meet every fault at every step.
import { runBundled } from './bundled.mjs';
import { run, setup } from './setup.mjs';

setup();
if (run('node', ['scripts/build.mjs']) !== 0) process.exit(1);
await runBundled('test/lab/faults/cli.ts');

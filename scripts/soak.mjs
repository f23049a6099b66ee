// `npm run test:soak`: builds the program, and measures what an upgrade of the lab's estate costs.
import { runBundled } from './bundled.mjs';
import { run, setup } from './setup.mjs';

setup();
if (run('node', ['scripts/build.mjs']) !== 0) process.exit(1);
await runBundled('test/lab/soak/cli.ts');

// `npm run lab -- ...`: the lab's command.
import { runBundled } from './bundled.mjs';

await runBundled('test/lab/cli.ts');

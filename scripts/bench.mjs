// `npm run bench`: builds the program, and measures it beside Ansible, Mitogen and bare ssh.
import { runBundled } from './bundled.mjs';
import { run, setup } from './setup.mjs';

setup();
// Planning is measured in a process of its own: `node scripts/bench.mjs --planning FOLDER HOSTS`.
const [what, ...rest] = process.argv.slice(2);
if (what === '--planning') {
  process.argv = [...process.argv.slice(0, 2), ...rest];
  await runBundled('test/lab/bench/planning-run.ts');
} else {
  if (run('node', ['scripts/build.mjs']) !== 0) process.exit(1);
  await runBundled('test/lab/bench/cli.ts');
}

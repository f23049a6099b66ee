// `npm test`: everything that must hold. Ends with one line that counts the tests: N passed, N failed, N skipped.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { root, run, setup } from './setup.mjs';

// Judges and peers of the tests, from Debian: the real Jinja2, ansible-inventory, an sshd, iptables. Where they cannot
// be installed the tests that need them are skipped and say why.
const packages = [
  'python3-jinja2',
  'python3-yaml',
  'ansible-core',
  'openssh-server',
  'openssh-client',
  'iptables',
  'busybox-static',
];

setup();
installJudges();
const stages = [
  ['type check', 'npx', ['--no-install', 'tsc', '--noEmit']],
  ['lint', 'npx', ['--no-install', 'biome', 'check', '--error-on-warnings', '.']],
  ['build', 'node', ['scripts/build.mjs']],
];
let failedStages = 0;
for (const [name, command, args] of stages) {
  console.log(`\n== ${name}`);
  if (run(command, args) !== 0) failedStages += 1;
}
const counts = ['unit', 'peers', 'lab', 'estate'].map(tests);
const sum = (key) => counts.reduce((total, one) => total + one[key], 0);
const failed = sum('failed') + failedStages;
if (failedStages > 0) console.log(`\n${failedStages} of type check, lint and build failed; each counts as one below.`);
console.log(`\n${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

function tests(project) {
  console.log(`\n== ${project} tests`);
  mkdirSync(resolve(root, 'dist'), { recursive: true });
  const file = resolve(root, `dist/${project}-tests.json`);
  rmSync(file, { force: true });
  const args = ['--no-install', 'vitest', 'run', '--project', project, '--reporter=default', '--reporter=json'];
  const code = run('npx', [...args, `--outputFile.json=${file}`]);
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const skipped = report.numPendingTests + report.numTodoTests;
    const failed = report.numFailedTests;
    // A file that does not load has no failed test in it, yet it has failed.
    return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, skipped };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function installJudges() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return;
  const missing = packages.filter((name) => run('dpkg', ['-s', name], { stdio: 'ignore' }) !== 0);
  if (missing.length === 0) return;
  console.error(`Installing ${missing.join(', ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['-qq', 'update'], { env, stdio: ['ignore', 'ignore', 2] });
  run('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...missing], {
    env,
    stdio: ['ignore', 'ignore', 2],
  });
}

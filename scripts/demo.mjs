// `npm run demo`: two real servers of the lab become a highly available Prometheus, and what came of it is shown.
import { setTimeout } from 'node:timers/promises';
import { run, setup } from './setup.mjs';

setup();
must('node', ['scripts/build.mjs']);
must('node', ['scripts/lab.mjs', 'up']);
console.log('\n$ bin/hadeploy apply inventory/lab --yes\n');
must('bin/hadeploy', ['apply', 'inventory/lab', '--yes']);

const hosts = { 'mon-a': '10.90.0.11', 'mon-b': '10.90.0.12' };
const rows = await Promise.all(Object.entries(hosts).map(([host, address]) => row(host, address)));
console.log('');
for (const cells of [['HOST', 'PROMETHEUS', 'TARGETS UP', 'ALERTMANAGER', 'CLUSTER MEMBERS'], ...rows]) {
  const [host, ...rest] = cells;
  console.log(`${host.padEnd(7)}${rest.map((cell) => cell.padEnd(25)).join('')}`.trimEnd());
}
console.log(`
What to try next:
  bin/hadeploy apply inventory/lab                                                  nothing changes
  bin/hadeploy apply inventory/lab --dry-run --diff -e scrape_interval=15s          see a change, make none
  bin/hadeploy apply inventory/lab -e prometheus_image=prom/prometheus:v2.42.0      another version, one server at a time
  npm run lab -- ssh mon-a docker ps                                                look at a server
  npm run lab -- down                                                               take the servers away`);

function must(command, args) {
  const code = run(command, args);
  if (code !== 0) process.exit(code);
}

async function row(host, address) {
  const prometheus = `http://${address}:9090`;
  const alertmanager = `http://${address}:9093`;
  const targets = await targetsOf(prometheus);
  const { cluster } = await json(`${alertmanager}/api/v2/status`);
  const up = targets.filter((target) => target.health === 'up').length;
  const members = cluster.peers.map((peer) => peer.address).join(' ');
  return [host, prometheus, `${up} of ${targets.length}`, alertmanager, members];
}

/** The targets once all of them answer, or after a minute; a Prometheus that has just started has none yet. */
async function targetsOf(prometheus) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const targets = (await json(`${prometheus}/api/v1/targets`)).data.activeTargets;
    const seen = targets.length > 0 && targets.every((target) => target.health === 'up');
    if (seen || Date.now() > deadline) return targets;
    await setTimeout(500);
  }
}

async function json(url) {
  return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).json();
}

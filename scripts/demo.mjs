// `npm run demo`: two real servers of the lab become a highly available Prometheus, and what came of it is shown.
import { run, setup } from './setup.mjs';

setup();
must('node', ['scripts/build.mjs']);
must('node', ['scripts/lab.mjs', 'up']);
console.log('\n$ bin/hadeploy apply inventory/lab --yes\n');
must('bin/hadeploy', ['apply', 'inventory/lab', '--yes']);

const hosts = { 'mon-a': '10.90.0.11', 'mon-b': '10.90.0.12' };
const rows = await Promise.all(Object.entries(hosts).map(([host, address]) => row(host, address)));
console.log('');
console.table(Object.fromEntries(rows.map((one) => [one.host, one])), [
  'prometheus',
  'targets up',
  'alertmanager',
  'cluster members',
]);
console.log(`What to try next:
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
  const targets = (await json(`${prometheus}/api/v1/targets`)).data.activeTargets;
  const { cluster } = await json(`${alertmanager}/api/v2/status`);
  return {
    host,
    prometheus,
    'targets up': `${targets.filter((target) => target.health === 'up').length} of ${targets.length}`,
    alertmanager,
    'cluster members': cluster.peers.map((peer) => peer.address).join(' '),
  };
}

async function json(url) {
  return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).json();
}

// `npm run demo`: three real servers of the lab become the estate of inventory/lab, and what came of it is shown.
import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { root, run, setup } from './setup.mjs';

setup();
must('node', ['scripts/build.mjs']);
must('node', ['scripts/lab.mjs', 'up']);

const listed = execFileSync('bin/hadeploy', ['inventory', 'inventory/lab', '--list'], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
});
const { hostvars } = JSON.parse(listed)._meta;
const hosts = Object.keys(hostvars);
const { scrapers, pushgateways, federators, alertmanagers, vips } = hostvars[hosts[0]].estate;

// Something to scrape: on each server the exporter that it would have anyway.
const node = 'docker inspect node || docker run -d --restart unless-stopped --net host --name node';
for (const host of hosts) {
  const started = ['scripts/lab.mjs', 'ssh', host, `${node} prom/node-exporter:v1.9.0`];
  must('node', started, { stdio: ['ignore', 'ignore', 'inherit'] });
}
console.log('\n$ bin/hadeploy apply inventory/lab --yes\n');
must('bin/hadeploy', ['apply', 'inventory/lab', '--yes']);

const instances = [...federators, ...scrapers, ...pushgateways, ...alertmanagers];
table(
  ['HOST', 'ADDRESS', 'RUNS'],
  hosts.map((host) => [host, hostvars[host].ansible_host, namesOn(host)]),
);
table(['FEDERATOR', 'PAGE', 'TARGETS UP'], await Promise.all(federators.map(federatorRow)));
table(['ALERTMANAGER', 'PAGE', 'CLUSTER MEMBERS'], await Promise.all(alertmanagers.map(alertmanagerRow)));
table(
  ['SHARED ADDRESS', 'HELD BY', 'PUSHED THERE', ...federators.map(({ name }) => `SEEN BY ${name}`)],
  await Promise.all(vips.map(vipRow)),
);
console.log(`
What to try next:
  bin/hadeploy apply inventory/lab                                                           nothing changes
  bin/hadeploy apply inventory/lab --dry-run --diff -e scrape_interval=15s                   see a change, make none
  bin/hadeploy apply inventory/lab -e versions.prometheus=prom/prometheus:v2.42.0            another version, one of each pair at a time
  bin/hadeploy graph inventory/lab --format svg > estate.svg                                 the picture
  npm run lab -- ssh mon-a docker ps                                                         look at a server
  npm run lab -- down                                                                        take the servers away`);

function must(command, args, options) {
  const code = run(command, args, options);
  if (code !== 0) process.exit(code);
}

function namesOn(host) {
  const here = instances.filter((one) => one.host === host);
  return here.map(({ name, port }) => `${name} :${port}`).join('  ');
}

/** A new federator has no targets yet, so all of them are waited for. */
async function federatorRow({ name, address, port }) {
  const page = `http://${address}:${port}`;
  const ask = async () => (await json(`${page}/api/v1/targets?state=active`)).data.activeTargets;
  const isUp = (target) => target.health === 'up';
  const targets = await until(ask, (all) => all.length > 0 && all.every(isUp));
  return [name, page, `${targets.filter(isUp).length} of ${targets.length}`];
}

async function alertmanagerRow({ name, address, port, notifier }) {
  const page = `http://${address}:${port}`;
  const { cluster } = await json(`${page}/api/v2/status`);
  const members = cluster.peers.map((peer) => peer.address).sort();
  return [notifier ? name : `${name} (backup)`, page, members.join('  ')];
}

/** Pushes the time through the address and waits until every federator shows it, once. */
async function vipRow({ name, address, port }) {
  const pushed = Math.floor(Date.now() / 1000);
  const at = `http://${address}:${port}/metrics/job/demo/instance/${name}`;
  await fetch(at, { method: 'PUT', body: `demo_value ${pushed}\n`, signal: AbortSignal.timeout(10_000) });
  const value = `pushgateway:newest:value{metric_name="demo_value",instance="${name}"}`;
  const seen = await Promise.all(
    federators.map(async (federator) => {
      const samples = await until(
        () => query(federator, value),
        (found) => found.length === 1 && found[0].value[1] === String(pushed),
      );
      return samples.map((sample) => sample.value[1]).join(' and ') || 'nothing';
    }),
  );
  const holders = await query(federators[0], `vip:held:fresh{vip="${address}"} == 1`);
  return [`${address}:${port}`, holders.map(({ metric }) => metric.instance).join(', '), String(pushed), ...seen];
}

async function query({ address, port }, expression) {
  const answer = await json(`http://${address}:${port}/api/v1/query?query=${encodeURIComponent(expression)}`);
  return answer.data.result;
}

/** Asks again until the answer is as wanted, or for a minute; the last answer. */
async function until(ask, wanted) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer) || Date.now() > deadline) return answer;
    await setTimeout(500);
  }
}

async function json(url) {
  return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).json();
}

function table(head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)) + 3);
  console.log('');
  for (const row of [head, ...rows])
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('')
        .trimEnd(),
    );
}

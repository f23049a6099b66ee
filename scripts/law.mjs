// `npm run test:law`: holds random estates to the law, in memory, in real shells and on a real host, and writes how
// many of the values that plans showed resulted, into dist/law/ and docs/exactness.md. `-- --runs N` looks at more.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run, setup } from './setup.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' } } });
const folder = resolve(root, 'dist/law');
const document = resolve(root, 'docs/exactness.md');
const marker = '<!-- From here on written by `npm run test:law`. -->\n';

setup();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const levels = [
  ['unit', 'test/unit/law'],
  ['peers', 'test/unit/law'],
  ['lab', 'test/lab/scenarios/law.test.ts'],
];
const failed = levels.filter(([project, path]) => {
  const env = { ...process.env, LAW_RUNS: values.runs };
  return run('npx', ['--no-install', 'vitest', 'run', '--project', project, path], { env }) !== 0;
});
const scores = ['shell', 'hosts']
  .map((suite) => resolve(folder, `${suite}.json`))
  .flatMap((file) => (existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8'))] : []));
const known = sum(scores.map((one) => one.known));
const opaque = sum(scores.map((one) => one.opaque));
const total = Object.values(known).reduce((all, one) => ({ equal: all.equal + one.equal, all: all.all + one.all }), {
  equal: 0,
  all: 0,
});
const score = { equal: total.equal, all: total.all, known, opaque, wrong: scores.flatMap((one) => one.wrong) };
writeFileSync(resolve(folder, 'score.json'), `${JSON.stringify(score, undefined, 1)}\n`);
const text = markdown(score, scores[0]?.reasons ?? {});
writeFileSync(resolve(folder, 'score.md'), text);
// A score of fewer levels is not the one to publish.
if (failed.length === 0 && scores.length === 2) {
  const [prose] = readFileSync(document, 'utf8').split(marker);
  writeFileSync(document, `${prose}${marker}\n${text}`);
}
console.log(`\n${text}`);
process.exitCode = failed.length > 0 || total.equal < total.all ? 1 : 0;

/** Tallies of several suites as one, in order of their names. */
function sum(all) {
  const rows = {};
  for (const [row, tally] of all.flatMap((one) => Object.entries(one))) {
    if (typeof tally === 'number') rows[row] = (rows[row] ?? 0) + tally;
    else rows[row] = { equal: (rows[row]?.equal ?? 0) + tally.equal, all: (rows[row]?.all ?? 0) + tally.all };
  }
  return Object.fromEntries(Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function markdown({ equal, all, known: rows, opaque: times }, reasons) {
  const knownRows = Object.entries(rows).map(([row, tally]) => `| ${row} | ${tally.equal} of ${tally.all} |`);
  const opaqueRows = Object.entries(reasons).map(([row, why]) => `| ${row} | ${times[row] ?? 0} | ${why} |`);
  return [
    `**Exactness: ${equal} of ${all} values that plans showed are what resulted** (\`npm run test:law -- --runs ${values.runs}\`).`,
    '',
    '| value | resulted as shown |',
    '|---|---|',
    ...knownRows,
    '',
    '| value that no plan shows | changes with it | reason |',
    '|---|---|---|',
    ...opaqueRows,
    '',
  ].join('\n');
}

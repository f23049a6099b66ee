// `npm run test:soak`: a complete upgrade of the lab's estate while pushers, canaries and alerts run, as a table.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { numberOf } from '../estate/ask.ts';
import { eventually } from '../estate/eventually.ts';
import { hadeploy } from '../estate/hadeploy.ts';
import { flawed, makeFlawed } from '../faults/images.ts';
import { labUnavailable } from '../lab/availability.ts';
import type { Lab } from '../lab/lab.ts';
import { down, reset, up } from '../lab/life.ts';
import { ansibleUnavailable, installPython, rollByAnsible } from './ansible.ts';
import { keepBundles } from './bundles.ts';
import { type Estate, setVersions, soakEstate } from './estate.ts';
import { keepLogs } from './logs.ts';
import { findings } from './measure/findings.ts';
import { runTimed, type Told } from './program.ts';
import { soak } from './soak.ts';
import { type Column, clean, missList, soakTable } from './table.ts';

const help = `The soak: a complete upgrade of the lab's estate while pushers, canaries and alerts run.

  npm run test:soak                 by hadeploy, and by the Ansible play in bench/ansible-roll
  npm run test:soak -- --hadeploy   by hadeploy alone
  npm run test:soak -- --ansible    by the play alone, beside what the last soak wrote of hadeploy
  npm run test:soak -- --never-ready   to a Pushgateway that starts and never answers, by hadeploy: it is to be undone

  --name LAB   the lab to use, made anew ("soak")
  --keep       leave the lab up

Writes dist/soak/; exit code 1 when hadeploy missed a goal.`;

const folder = 'dist/soak';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      name: { type: 'string', default: 'soak' },
      hadeploy: { type: 'boolean', default: false },
      ansible: { type: 'boolean', default: false },
      'never-ready': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { name } = values;
  if (values.help) {
    say(help);
    return 0;
  }
  const reason = labUnavailable();
  if (reason !== undefined) {
    say(reason);
    return 3;
  }
  mkdirSync(folder, { recursive: true });
  await down(name);
  const lab = await up({ name, hosts: 3, say });
  try {
    const estate = await soakEstate(lab);
    const bundles = resolve(folder, 'bundles');
    const columns: Column[] = [];
    if (values['never-ready']) {
      const found = await neverReady(lab, estate);
      return clean(found.findings) ? 0 : 1;
    }
    if (values.ansible) {
      columns.push(lastColumn());
    } else {
      const roll = () => {
        setVersions(estate, 'new');
        return runTimed(process.execPath, ['bin/hadeploy', 'apply', estate.inventory, '--yes']);
      };
      columns.push(await column('hadeploy', lab, estate, roll));
      await keepBundles(lab, bundles);
    }
    const without = values.hadeploy ? '--hadeploy was given' : await ansibleUnavailable();
    if (without === undefined) {
      const fresh = await reset(name, say);
      await installPython(fresh);
      columns.push(await column('ansible', fresh, estate, () => rollByAnsible(fresh, estate, bundles)));
    } else {
      say(`Without the Ansible play: ${without}.`);
    }
    const table = soakTable(columns);
    writeFileSync(join(folder, 'table.md'), `${table}\n`);
    say(`\n${table}`);
    return clean(columns[0]!.findings) ? 0 : 1;
  } finally {
    if (!values.keep) await down(name);
  }
}

/** Rolls out a version that starts and never answers; everything must be as it was before, and nobody have noticed. */
async function neverReady(lab: Lab, estate: Estate): Promise<Column> {
  await makeFlawed(lab, 'pushgateway', 'silent');
  const bad = ['-e', `versions.pushgateway=${flawed('pushgateway', 'silent')}`];
  const images = () =>
    Promise.all(
      lab.hosts.map(async ({ name }) => {
        const { stdout } = await lab.exec(name, "docker ps --format '{{.Names}} {{.Image}}' | sort");
        return stdout;
      }),
    );
  let before: readonly string[] = [];
  const roll = async () => {
    before = await images();
    const told = await runTimed(process.execPath, ['bin/hadeploy', 'apply', estate.inventory, '--yes', ...bad]);
    const back = told.log.some(({ text }) => /was put back to what it was: compose:(\S+)\. \1 is well\./.test(text));
    if (!back) throw new Error('hadeploy does not say that it put a gateway back, and that it is well.');
    return told;
  };
  const found = await column('never-ready', lab, estate, roll, 1);
  const after = await images();
  if (JSON.stringify(after) !== JSON.stringify(before))
    throw new Error(`Something else runs than before:\n${before.join('\n')}\n\n${after.join('\n')}`);
  const again = await hadeploy('apply', estate.inventory, '--yes');
  if (!again.text.includes('Nothing to change')) throw new Error(`Something is left to do:\n${again.text}`);
  return found;
}

/** Deploys the older versions on fresh hosts, lets the soak run while `roll` upgrades them, and keeps what it wrote. */
async function column(title: string, lab: Lab, estate: Estate, roll: () => Promise<Told>, code = 0): Promise<Column> {
  say(`\n== ${title}: the older versions`);
  for (const host of lab.hosts)
    await lab.exec(
      host.name,
      'docker run -d --restart unless-stopped --net host --name node prom/node-exporter:v1.9.0',
    );
  setVersions(estate, 'old');
  const first = await hadeploy('apply', estate.inventory, '--yes');
  if (first.code !== 0) throw new Error(`The older versions could not be deployed:\n${first.text}`);
  say(`\n== ${title}: the roll`);
  const recording = await soak(lab, estate, roll, code);
  await eventually(
    'everything answers again',
    () => numberOf(estate.federators[0]!.server, 'min(up)'),
    (seen) => seen === 1,
  );
  const found = findings(recording);
  await keepLogs(lab, join(folder, `${title}-logs`), recording.soak);
  writeFileSync(join(folder, `${title}.json`), JSON.stringify({ findings: found, recording }));
  const misses = missList(found, recording);
  writeFileSync(join(folder, `${title}-misses.txt`), misses);
  say(`\n${soakTable([{ title, findings: found }])}\n\n${misses}`);
  return { title, findings: found };
}

/** What the last soak found of hadeploy. */
function lastColumn(): Column {
  const last = JSON.parse(readFileSync(join(folder, 'hadeploy.json'), 'utf8')) as Pick<Column, 'findings'>;
  return { title: 'hadeploy', findings: last.findings };
}

process.exitCode = await main();

// `npm run bench`: hadeploy beside Ansible, Mitogen and bare ssh, as a table.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { labUnavailable } from '../lab/availability.ts';
import { down, reset, up } from '../lab/life.ts';
import { installPython } from '../soak/ansible.ts';
import { estateRows } from './estate-row.ts';
import { planningRows, startRows } from './here.ts';
import { hundredRows } from './hundred.ts';
import { installPeers } from './peers.ts';
import { benchTable, judge, type Row } from './row.ts';
import { type Bench, stackRows } from './stack.ts';

const here = ['start', 'planning'];
const onStack = ['noop', 'dry-run', 'rule', 'first'];
const keys = [...here, ...onStack, 'hundred', 'delayed', 'estate'];

const help = `The bench: hadeploy beside Debian's Ansible and Mitogen, and beside bare ssh, on servers of the lab.

  npm run bench                    every row, some 25 minutes
  npm run bench -- --only ROW      one row (repeatable): ${keys.join(', ')}

  --runs N     counted runs of each, 5; who takes minutes has fewer
  --name LAB   the lab to use, made anew ("bench")
  --keep       leave the lab up
  --no-peers   without Ansible and Mitogen

Writes dist/bench/table.md and dist/bench/bench.json.`;

const folder = resolve('dist/bench');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string', default: '5' },
      name: { type: 'string', default: 'bench' },
      keep: { type: 'boolean', default: false },
      'no-peers': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const runs = Number(values.runs);
  const unknown = values.only.filter((key) => !keys.includes(key));
  if (values.help || unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
    say(help);
    return values.help ? 0 : 3;
  }
  const wants = (key: string) => values.only.length === 0 || values.only.includes(key);
  const from = Date.now();
  mkdirSync(folder, { recursive: true });
  const rows: Row[] = [
    ...(await startRows({ folder, runs, say, wants })),
    ...(await planningRows({ folder, runs, say, wants })),
  ];
  const missing: string[] = [];
  const reason = labUnavailable();
  if (keys.filter((key) => !here.includes(key)).some(wants)) {
    if (reason !== undefined) missing.push(reason);
    else rows.push(...(await onHosts(values.name, values.keep, values['no-peers'], { runs, wants }, missing)));
  }
  const load = `The machine has ${cpus().length} cores; its load in the last minute was ${loadavg()[0]!.toFixed(1)}.`;
  const took = `${Math.round((Date.now() - from) / 1000)} s in all.`;
  const notes = [...rows.flatMap((row) => row.notes.map((note) => `${row.work}: ${note}`)), ...missing, load, took];
  const table = `${benchTable(rows)}\n\n${notes.map((note) => `- ${note}`).join('\n')}\n`;
  writeFileSync(join(folder, 'table.md'), table);
  const json = rows.map((row) => ({
    ...row,
    goals: judge(row),
    measured: row.measured.map(({ runs: list, ...one }) => ({
      ...one,
      runs: list.map(({ seconds, cpu }) => ({ seconds, cpu })),
    })),
  }));
  writeFileSync(
    join(folder, 'bench.json'),
    `${JSON.stringify({ at: new Date().toISOString(), node: process.version, rows: json, notes }, null, 1)}\n`,
  );
  say(`\n${table}`);
  return 0;
}

/** The rows that need servers; the lab is made anew for them. */
async function onHosts(
  name: string,
  keep: boolean,
  alone: boolean,
  how: Pick<Bench, 'runs' | 'wants'>,
  missing: string[],
): Promise<readonly Row[]> {
  const none = { ansible: false, mitogen: false, missing: ['Without Ansible and Mitogen: --no-peers was given.'] };
  const peers = alone ? none : await installPeers();
  missing.push(...peers.missing);
  await down(name);
  const rows: Row[] = [];
  try {
    const lab = await up({ name, hosts: 3, say });
    if (peers.ansible) await installPython(lab, ['python3-apt']);
    const work = mkWork();
    const lacks = (why: string) => void missing.push(why);
    const bench: Bench = { lab, folder: work, peers, say, lacks, ...how };
    const group = async (work: () => Promise<readonly Row[]>) => {
      await work().then(
        (found) => rows.push(...found),
        (error: unknown) => lacks(String(error).slice(0, 300)),
      );
    };
    if (onStack.some(how.wants)) await group(() => stackRows(bench));
    if (['hundred', 'delayed'].some(how.wants)) await group(() => hundredRows(bench));
    if (how.wants('estate')) await group(async () => estateRows({ ...bench, lab: await reset(name, say) }));
    return rows;
  } finally {
    if (!keep) await down(name);
  }
}

function mkWork(): string {
  const work = join(folder, 'work');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  return work;
}

process.exitCode = await main();

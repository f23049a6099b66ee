// `npm run lab -- …`: real servers on this machine, for trying and testing.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { labUnavailable } from './lab/availability.ts';
import { sshConfigPath } from './lab/keys.ts';
import type { Lab } from './lab/lab.ts';
import { LabError } from './lab/lab-error.ts';
import { down, reset, up } from './lab/life.ts';
import { readState } from './lab/state.ts';
import { readStatus, statusTable } from './lab/status.ts';
import { defaultLab } from './lab/subnet.ts';

const help = `The lab: real servers on this machine, each with its own systemd, sshd, Docker and network.

  npm run lab -- up [--hosts N] [--bare]   bring the lab up: three hosts, or N; --bare leaves Docker and keepalived out
  npm run lab -- status                    show every lab's hosts
  npm run lab -- ssh HOST [COMMAND...]     log in to a host as root, or run a command there
  npm run lab -- reset                     give every host a new, empty disk
  npm run lab -- down                      take the lab down and leave nothing behind

  --name LAB    which lab; "lab" when left out. Labs of different names live side by side.

Accounts on a host: root; deploy (sudo without a password); careful (sudo asks for one: careful-password).
Files of a lab: /var/lib/hadeploy-lab/LAB/ (HADEPLOY_LAB_DIR moves the parent folder).
Cache: /var/cache/hadeploy-lab/ (HADEPLOY_LAB_CACHE moves it); it may be deleted while no lab is up.
Exit codes: 0 done, 1 failed, 3 wrong usage or no lab possible on this machine; \`ssh\` gives the command's own.`;

type Options = { readonly name: string; readonly hosts: number | undefined; readonly bare: boolean | undefined };

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(args: readonly string[]): Promise<number> {
  if (process.geteuid?.() !== 0 && labUnavailable() !== undefined && mayUseSudo()) return asRoot(args);
  try {
    // What follows `ssh HOST` belongs to the host, options and all.
    const cut = args[0] === 'ssh' ? hostEnd(args) : args.length;
    const { values, positionals } = parse(args.slice(0, cut));
    const [command = 'help', host] = positionals;
    if (values.help || command === 'help') {
      say(help);
      return 0;
    }
    if (values.hosts !== undefined && !/^\d+$/.test(values.hosts))
      throw new LabError(`--hosts takes a number, not "${values.hosts}".`, 3);
    const hosts = values.hosts === undefined ? undefined : Number(values.hosts);
    const options: Options = { name: values.name ?? defaultLab, hosts, bare: values.bare };
    if (command === 'status') return showStatus(values.name);
    if (command === 'ssh') return ssh(options.name, host, args.slice(cut));
    return await change(command, options);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}

async function change(command: string, options: Options): Promise<number> {
  const reason = labUnavailable();
  if (reason !== undefined) throw new LabError(reason, 3);
  const start = Date.now();
  switch (command) {
    case 'up':
      describe(await up({ ...options, say }));
      break;
    case 'reset':
      describe(await reset(options.name, say));
      break;
    case 'down':
      await down(options.name);
      say(`Lab ${options.name} is down; nothing of it is left.`);
      break;
    default:
      throw new LabError(`There is no command "${command}"; \`npm run lab -- --help\` shows them.`, 3);
  }
  say(`(${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return 0;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        hosts: { type: 'string' },
        name: { type: 'string' },
        bare: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new LabError(`${error instanceof Error ? error.message : error}`, 3);
  }
}

/** The index just past the host's name in `ssh [--name LAB] HOST …`. */
function hostEnd(args: readonly string[]): number {
  for (let index = 1; index < args.length; index++) {
    if (args[index] === '--name') index++;
    else if (!args[index]!.startsWith('-')) return index + 1;
  }
  return args.length;
}

function describe(lab: Lab): void {
  say(statusTable(readStatus(lab.name)));
  say(`Key          ${lab.privateKey}`);
  say(`known_hosts  ${lab.knownHosts}`);
  say(`Registry     http://${lab.registry}, a mirror with`);
  for (const image of lab.images) say(`             ${image}`);
  const name = lab.name === defaultLab ? '' : ` --name ${lab.name}`;
  say(`Next         npm run lab -- ssh${name} ${lab.hosts[0]!.name}`);
}

function showStatus(name: string | undefined): number {
  const rows = readStatus(name);
  say(rows.length > 0 ? statusTable(rows) : 'No lab is up. Bring one up with `npm run lab -- up`.');
  return 0;
}

function ssh(name: string, host: string | undefined, command: readonly string[]): number {
  const state = readState(name);
  if (state === undefined)
    throw new LabError(`There is no lab ${name}. Bring it up with \`npm run lab -- up --name ${name}\`.`, 3);
  const hosts = state.hosts.map((one) => one.name);
  if (host === undefined || !hosts.includes(host))
    throw new LabError(`Lab ${name} has no host "${host ?? ''}"; it has ${hosts.join(', ')}.`, 3);
  return spawnSync('ssh', ['-F', sshConfigPath(name), host, ...command], { stdio: 'inherit' }).status ?? 1;
}

const mayUseSudo = (): boolean => spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;

/** Runs this same command again as root. */
function asRoot(args: readonly string[]): number {
  const keep = ['HADEPLOY_LAB_CACHE', 'HADEPLOY_LAB_DIR', 'HADEPLOY_LAB_MIRROR'].filter((key) => key in process.env);
  const variables = keep.map((key) => `${key}=${process.env[key]}`);
  const program = [process.execPath, process.argv[1] ?? '', ...args];
  return spawnSync('sudo', ['-n', 'env', ...variables, ...program], { stdio: 'inherit' }).status ?? 1;
}

// A reader that has seen enough, such as `head`, must not end a half-done `up`.
process.stdout.on('error', () => {});
// Whoever read the output may have gone (`| head`).
process.stdout.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));

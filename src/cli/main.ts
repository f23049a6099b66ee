import { readFileSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import type { ApplyOptions } from './commands/apply.ts';
import { addExplain } from './explain-command.ts';
import { count, gather, list } from './option-values.ts';
import { packageRoot } from './package-root.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { version: string };

const program = new Command('hadeploy')
  .description(
    'Deploys highly available Prometheus to plain Docker servers over SSH: exact plans, rolling changes, no agent.',
  )
  .version(version)
  .exitOverride()
  .showHelpAfterError('(run with --help for what there is)')
  .addHelpText(
    'after',
    `
Exit codes:
  0    done, or nothing to do
  1    a host failed
  2    changes are pending, or there is drift (only with --detailed-exitcode)
  3    bad input, or declined; nothing was touched
  130  interrupted

Examples:
  hadeploy apply inventory/prod --dry-run --diff    show what would change, change nothing
  hadeploy apply inventory/prod                     show the plan, ask, carry it out
  hadeploy plan inventory/prod --out prod.plan      keep the plan; \`hadeploy apply prod.plan\` does exactly that
  hadeploy apply inventory/prod --limit mon-a -e scrape_interval=15s
  hadeploy explain var docker_settings --host mon-a`,
  );

function withPlaybook(command: Command, what = 'inventory folder or file, e.g. inventory/prod'): Command {
  return command
    .argument('<inventory>', what)
    .option('-p, --playbook <file>', 'playbook to run (default: playbooks/site.yml here, else the shipped one)')
    .option('-l, --limit <pattern>', 'only these hosts; never changes what is rendered for others')
    .option('-t, --tags <tags>', 'only tasks with one of these tags, comma separated', list, [])
    .option('--skip-tags <tags>', 'all tasks but those with one of these tags', list, [])
    .option(
      '-e, --extra-vars <k=v>',
      'variable, or path into topology.yml, that overrides all others: name=text or a JSON object; repeatable',
      gather,
      [],
    );
}

function withHosts(command: Command, what?: string): Command {
  return withLogins(withPlaybook(command, what))
    .option(
      '--skip-unreachable',
      'go on without hosts that cannot be reached, leaving the cells alone that have a member there; exits with 1',
    )
    .option('-D, --diff', 'show the differences of texts line by line')
    .option('--json', 'print the plan as JSON')
    .option('--detailed-exitcode', 'exit with 2 when changes are pending');
}

function withLogins(command: Command): Command {
  return command
    .option('-f, --forks <n>', 'hosts to work on at once', count, 50)
    .option('-K, --ask-become-pass', 'ask for the sudo password (or set HADEPLOY_BECOME_PASSWORD)')
    .option('--become-password-file <file>', 'read the sudo password from the first line of a file')
    .option('--allow-degraded <cells>', 'change members of these cells although the others are not well', list, [])
    .option(
      '--skip-coverage <cells>',
      'do not wait until the other members of these cells can do all the work',
      list,
      [],
    )
    .addOption(
      new Option(
        '--on-failure <what>',
        'after a failed host was put back: change nothing more, undo all that this run had finished (last first, through the same gates), or go on with other cells',
      )
        .choices(['halt', 'unwind', 'continue-other-cells'])
        .default('halt'),
    )
    .option('--accept-data-loss', 'go back also to a version that cannot read the data of a server')
    .addOption(new Option('--host-keys <policy>', 'unknown SSH host keys').choices(['strict', 'accept-new']));
}

function withInventory(command: Command): Command {
  return withLogins(
    command
      .argument('<inventory>', 'inventory folder or file, e.g. inventory/prod')
      .option('-l, --limit <pattern>', 'only these hosts'),
  );
}

withHosts(program.command('apply'), 'inventory folder or file, or a plan that was saved by `hadeploy plan --out`')
  .description(
    'bring the hosts to what the inventory and the playbook say: plan, confirm, carry out; or carry out a saved plan',
  )
  .option('-C, --dry-run', 'show the plan and stop')
  .option('--check', 'the same as --dry-run')
  .option('-y, --yes', 'do not ask (needed where there is no terminal)')
  .action(async (path, given, command: Command) => {
    const options = { ...given, dryRun: given.dryRun || given.check };
    if (await wasPlan(path, options, command)) return;
    const { apply } = await import('./commands/apply.ts');
    process.exitCode = await apply(path, options);
  });

withHosts(program.command('rollback'))
  .description('bring the hosts back to what they were before the last run, or right after an earlier one')
  .option('--to <run>', 'back to what was right after this run')
  .option('-C, --dry-run', 'show the plan and stop')
  .option('-y, --yes', 'do not ask (needed where there is no terminal)')
  .action(async (inventory, options) => {
    const { rollback } = await import('./commands/rollback.ts');
    process.exitCode = await rollback(inventory, options);
  });

withHosts(program.command('plan'), 'inventory folder or file, or a saved plan, to see whether it still holds')
  .description('show what apply would do, as apply --dry-run does, and save it if wanted')
  .option('-o, --out <file>', 'keep the plan, so that `hadeploy apply FILE` does exactly what was read, or nothing')
  .action(async (path, options, command: Command) => {
    if (await wasPlan(path, { ...options, dryRun: true }, command)) return;
    const { plan } = await import('./commands/plan.ts');
    process.exitCode = await plan(path, options, version);
  });

const lock = program
  .command('lock')
  .description('see who holds the hosts; freeze them by hand, so that no apply changes them');
withInventory(lock.command('status'))
  .description('which hosts are held by a run or frozen, by whom, since when and why')
  .action(async (inventory, options) => {
    const { lockStatus } = await import('./commands/lock.ts');
    process.exitCode = await lockStatus(inventory, options);
  });
withInventory(lock.command('acquire'))
  .description('freeze the hosts until a time, all of them or none')
  .requiredOption('-m, --message <text>', 'why, for whoever is refused')
  .option('--for <duration>', 'for how long, e.g. 30m or 2h', '2h')
  .action(async (inventory, options) => {
    const { lockAcquire } = await import('./commands/lock.ts');
    process.exitCode = await lockAcquire(inventory, options);
  });
withInventory(lock.command('release'))
  .description('end a freeze before its time; a run is not ended by it')
  .action(async (inventory, options) => {
    const { lockRelease } = await import('./commands/lock.ts');
    process.exitCode = await lockRelease(inventory, options);
  });

withInventory(program.command('history'))
  .description('the runs that changed the hosts: when, who, what, how many changes, how they ended')
  .option('-n, --number <n>', 'how many, the latest', count, 20)
  .option('--json', 'print them as JSON')
  .action(async (inventory, options) => {
    const { history } = await import('./commands/history.ts');
    process.exitCode = await history(inventory, options);
  });

withInventory(program.command('drift'))
  .description('what differs on the hosts from what was last applied to them, whatever inventory and playbook say now')
  .option('-D, --diff', 'show the differences of texts line by line, from what was applied to what is')
  .option('--json', 'print them as JSON')
  .option('--detailed-exitcode', 'exit with 2 when something differs')
  .action(async (inventory, options) => {
    const { drift } = await import('./commands/drift.ts');
    process.exitCode = await drift(inventory, options);
  });

withPlaybook(program.command('lint'))
  .description('check inventory, playbook, roles and templates without a connection')
  .action(async (inventory, options) => {
    const { lint } = await import('./commands/lint.ts');
    process.exitCode = lint(inventory, options);
  });

program
  .command('inventory')
  .description('show an inventory as Ansible does')
  .argument('<inventory>', 'inventory folder or file')
  .addOption(new Option('--list', 'all groups and variables as JSON (the default)').conflicts(['graph', 'host']))
  .addOption(new Option('--graph', 'the tree of groups').conflicts(['list', 'host']))
  .addOption(new Option('--host <name>', 'the variables of one host as JSON').conflicts(['list', 'graph']))
  .action(async (path, options) => {
    const { showInventory } = await import('./commands/inventory.ts');
    process.exitCode = showInventory(path, options);
  });

program
  .command('graph')
  .description('draw who scrapes, pushes to, notifies and gossips with whom, from the topology.yml of an inventory')
  .argument('<inventory>', 'inventory folder with a topology.yml')
  .addOption(new Option('--format <format>', 'what to draw').choices(['svg', 'mermaid', 'dot']).default('svg'))
  .action(async (path, options) => {
    const { showGraph } = await import('./commands/graph.ts');
    process.exitCode = await showGraph(path, options);
  });

addExplain(program);

program
  .command('schema')
  .description('print the JSON Schema of playbooks or of topology.yml, for editors')
  .addArgument(new Argument('[what]', 'of what').choices(['playbook', 'topology']).default('playbook'))
  .action(async (what) => {
    const { printSchema } = await import('./commands/schema.ts');
    process.exitCode = printSchema(what);
  });

/** Carries out the saved plan that a path names; false where it names an inventory. */
async function wasPlan(path: string, options: ApplyOptions, command: Command): Promise<boolean> {
  const { isPlanFile } = await import('./plan-file.ts');
  if (!isPlanFile(path)) return false;
  const { applyPlan } = await import('./commands/plan.ts');
  process.exitCode = await applyPlan(path, options, shaping(command), version);
  return true;
}

/** The options given that shape a plan; a saved one has its own. */
function shaping(command: Command): readonly string[] {
  const own =
    'playbook limit tags skipTags skipUnreachable allowDegraded skipCoverage onFailure acceptDataLoss out'.split(' ');
  return command.options
    .filter((one) => own.includes(one.attributeName()))
    .filter((one) => command.getOptionValueSource(one.attributeName()) === 'cli')
    .map((one) => one.long!);
}

// Whoever read the output may have gone (`| head`); the work goes on without a listener.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

// By itself Node would first wait for what V8 does beside: collecting garbage that goes anyway takes a tenth of a `lint`.
function leave(): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

void program
  .parseAsync()
  .catch(async (error: unknown) => {
    const { failed } = await import('./output.ts');
    process.exitCode = failed(error);
  })
  .then(leave);

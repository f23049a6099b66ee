import type { Command } from 'commander';
import { gather } from './option-values.ts';

/** Adds `hadeploy explain` with all there is to be explained. */
export function addExplain(program: Command): void {
  const explain = program
    .command('explain')
    .description('explain a variable, a kind of task, the facts, or a rule of estates by its code')
    .argument('[code]', 'code of a rule, e.g. `hadeploy explain port-conflict`')
    .action(async (code, _options, command: Command) => {
      if (code === undefined) command.help({ error: true });
      const { explainCode } = await import('./commands/explain.ts');
      process.exitCode = explainCode(code);
    });
  explain
    .command('rules')
    .description('every rule of estates with a sentence')
    .action(async () => {
      const { explainRules } = await import('./commands/explain.ts');
      process.exitCode = explainRules();
    });
  explain
    .command('var')
    .description('where the value of a variable comes from and what it overrode')
    .argument('<name>', 'name of the variable')
    .requiredOption('--host <name>', 'for which host')
    .option('-i, --inventory <path>', 'inventory folder or file (default: those below inventory/ that know the host)')
    .option('-p, --playbook <file>', 'playbook whose plays and roles count (default: as for apply)')
    .option('-e, --extra-vars <k=v>', 'as for apply', gather, [])
    .action(async (name, options) => {
      const { explainVar } = await import('./commands/explain.ts');
      process.exitCode = explainVar(name, options);
    });
  explain
    .command('kind')
    .description('the fields of a kind of task, e.g. `hadeploy explain kind file`; without a name, all kinds')
    .argument('[name]', 'name of the kind')
    .action(async (name) => {
      const { explainKind } = await import('./commands/explain.ts');
      process.exitCode = explainKind(name);
    });
  explain
    .command('topology')
    .description('the fields of topology.yml')
    .action(async () => {
      const { explainTopology } = await import('./commands/explain.ts');
      process.exitCode = explainTopology();
    });
  explain
    .command('precedence')
    .description('where variables may be set, and which place wins')
    .action(async () => {
      const { explainPrecedence } = await import('./commands/explain.ts');
      process.exitCode = explainPrecedence();
    });
  explain
    .command('facts')
    .description('the facts every host is asked for')
    .action(async () => {
      const { explainFacts } = await import('./commands/explain.ts');
      process.exitCode = explainFacts();
    });
}

import { Refusal, unwrap } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { explainVariable } from '../../inventory/explain-variable.ts';
import { builtInFacts } from '../../playbook/facts.ts';
import { levels } from '../../playbook/precedence.ts';
import { kinds } from '../../resources/index.ts';
import { explainSchema } from '../../schema/explain.ts';
import { exitCodes } from '../exit-code.ts';
import { loadInventory } from '../load.ts';
import { print } from '../output.ts';

/** `hadeploy explain var`: where the value of a variable comes from; the exit code. */
export function explainVar(name: string, options: { readonly inventory: string; readonly host: string }): number {
  print(unwrap(explainVariable(unwrap(loadInventory(options.inventory)).inventory, options.host, name)));
  return exitCodes.done;
}

/** `hadeploy explain precedence`: which level of variables wins; the exit code. */
export function explainPrecedence(): number {
  print('Where a variable may be set, weakest first:');
  for (const [index, { name, where }] of levels.entries()) print(`  ${index + 1}  ${name.padEnd(16)}${where}`);
  return exitCodes.done;
}

/** `hadeploy explain kind`: the fields of one kind of task, or all kinds with a sentence each; the exit code. */
export function explainKind(name: string | undefined): number {
  if (name === undefined) {
    for (const kind of kinds.values()) print(`${kind.name.padEnd(16)}${kind.summary}`);
    return exitCodes.done;
  }
  const kind = kinds.get(name);
  if (kind === undefined) {
    const what = `There is no kind "${name}".`;
    throw new Refusal([{ code: 'unknown-kind', severity: 'error', what, mend: didYouMean(name, [...kinds.keys()]) }]);
  }
  print(`${kind.name}: ${kind.summary}\n\n${explainSchema(kind.schema).trimEnd()}`);
  return exitCodes.done;
}

/** `hadeploy explain facts`: what every host is asked; the exit code. */
export function explainFacts(): number {
  for (const { name, type, description, example } of builtInFacts) {
    print(`facts.${name.padEnd(18)}${type.padEnd(8)}${description} For example: ${JSON.stringify(example)}`);
  }
  return exitCodes.done;
}

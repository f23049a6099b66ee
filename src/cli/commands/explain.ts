import { Refusal, unwrap } from '../../diagnostics/diagnostic.ts';
import { didYouMean, nearest } from '../../diagnostics/suggest.ts';
import { explainVariable } from '../../playbook/explain-variable.ts';
import { builtInFacts } from '../../playbook/facts.ts';
import { levels } from '../../playbook/precedence.ts';
import { kinds } from '../../resources/index.ts';
import { explainSchema } from '../../schema/explain.ts';
import { explainRule, ruleTitles } from '../../topology/rules/explain-rule.ts';
import { topologySchema } from '../../topology/schema.ts';
import { exitCodes } from '../exit-code.ts';
import { inventoriesWith, open, type PlaybookOptions } from '../load.ts';
import { print } from '../output.ts';

/** `hadeploy explain var`: where the value of a variable comes from, in every inventory that knows the host; the exit code. */
export function explainVar(name: string, options: ExplainVarOptions): number {
  const { host, inventory } = options;
  const inventories = inventory === undefined ? inventoriesWith(host) : [inventory];
  if (inventories.length === 0) {
    const what = `No inventory below inventory/ has a host "${host}".`;
    throw new Refusal([
      { code: 'unknown-host', severity: 'error', what, mend: 'Name the inventory: -i inventory/prod.' },
    ]);
  }
  for (const path of inventories) {
    const opened = open(path, options);
    if (inventories.length > 1) print(`${path}:`);
    print(unwrap(explainVariable(opened.playbook, opened.inventory, opened.extraVars, host, name)));
  }
  return exitCodes.done;
}

interface ExplainVarOptions extends Pick<PlaybookOptions, 'playbook' | 'extraVars'> {
  readonly host: string;
  readonly inventory?: string;
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

/** `hadeploy explain topology`: the fields of topology.yml; the exit code. */
export function explainTopology(): number {
  print(explainSchema(topologySchema).trimEnd());
  return exitCodes.done;
}

/** `hadeploy explain facts`: what every host is asked; the exit code. */
export function explainFacts(): number {
  for (const { name, type, description, example } of builtInFacts) {
    print(`facts.${name.padEnd(18)}${type.padEnd(8)}${description} For example: ${JSON.stringify(example)}`);
  }
  return exitCodes.done;
}

/** `hadeploy explain rules`: every rule of estates with a sentence; the exit code. */
export function explainRules(): number {
  for (const [code, title] of ruleTitles) print(`${code.padEnd(28)}${title}`);
  return exitCodes.done;
}

/** `hadeploy explain <code>`: the long form of a rule of estates; the exit code. */
export function explainCode(code: string): number {
  const text = explainRule(code);
  if (text === undefined) {
    const what = `There is no rule "${code}".`;
    const why = 'Explained are the rules of estates; other faults say all there is to say where they are told.';
    throw new Refusal([{ code: 'unknown-rule', severity: 'error', what, why, mend: nearTo(code) }]);
  }
  print(text);
  return exitCodes.done;
}

function nearTo(code: string): string {
  const near = nearest(code, ruleTitles.keys());
  return near === undefined ? '`hadeploy explain rules` lists them all.' : `Did you mean "${near}"?`;
}

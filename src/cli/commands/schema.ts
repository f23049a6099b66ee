import { editorSchema } from '../../playbook/editor-schema.ts';
import { kinds } from '../../resources/index.ts';
import { exitCodes } from '../exit-code.ts';
import { print } from '../output.ts';

/** `hadeploy schema`: the JSON Schema of playbooks, for editors; the exit code. */
export function printSchema(): number {
  print(JSON.stringify(editorSchema(kinds), null, 2));
  return exitCodes.done;
}

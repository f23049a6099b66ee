import { editorSchema } from '../../playbook/editor-schema.ts';
import { kinds } from '../../resources/index.ts';
import { topologySchema } from '../../topology/schema.ts';
import { exitCodes } from '../exit-code.ts';
import { print } from '../output.ts';

/** `hadeploy schema`: the JSON Schema of playbooks or of topology.yml, for editors; the exit code. */
export function printSchema(what: 'playbook' | 'topology'): number {
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  const schema = what === 'topology' ? { $schema, title: 'hadeploy topology', ...topologySchema } : editorSchema(kinds);
  print(JSON.stringify(schema, null, 2));
  return exitCodes.done;
}

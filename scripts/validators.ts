import * as language from '../src/playbook/language.ts';
import { kinds } from '../src/resources/index.ts';
import { precompiledModule } from '../src/schema/standalone.ts';
import { topologySchema } from '../src/topology/schema.ts';

const parts = Object.values(language).filter((one) => 'properties' in one);

/** Text of the module that the build puts in place of src/schema/precompiled.ts: validators for all our own schemas. */
export default precompiledModule([topologySchema, ...parts, ...[...kinds.values()].map((kind) => kind.schema)]);

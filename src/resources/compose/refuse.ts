import { join } from 'node:path/posix';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { type Bundle, bundleOf, COMPOSE_YML } from './bundle.ts';
import type { Doubt } from './compose-file.ts';
import { RECORD } from './record.ts';
import type { ComposeSpec } from './schema.ts';

/** What speaks against a spec that its schema cannot say, before any host is asked. */
export function refuse(spec: ComposeSpec): Doubt | undefined {
  if (spec.state === 'absent') return undefined;
  if (spec.compose === undefined) {
    const why = 'A bundle is a compose file, its configuration files and its images.';
    return { what: 'The bundle has no compose file.', why, mend: 'Give `compose:` as text or `{template: …}`.' };
  }
  const bundle = bundleOf(spec);
  return bundle.compose.doubts[0] ?? badName(bundle) ?? unknownService(spec, bundle) ?? singleFile(bundle);
}

function badName(bundle: Bundle): Doubt | undefined {
  const folder = bundle.files.find(({ name }) => name.endsWith('/'))?.name;
  if (folder !== undefined) {
    const why = 'A name that ends in / is a folder, which has no content of its own.';
    return { what: `${folder} is no file.`, why, mend: `Give \`${folder}: {source: …/}\`, or remove the last /.` };
  }
  const name = bundle.files.slice(1).find((file) => [COMPOSE_YML, RECORD].includes(file.name))?.name;
  if (name === undefined) return undefined;
  const why = `${COMPOSE_YML} comes from \`compose:\`, and ${RECORD} is the record of what hadeploy wrote.`;
  return { what: `The name ${name} is taken.`, why, mend: 'Choose another name below `files:`.' };
}

function unknownService(spec: ComposeSpec, bundle: Bundle): Doubt | undefined {
  const known = bundle.compose.services.map((service) => service.name);
  const unknown = Object.keys(spec.services ?? {}).find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const why = 'The compose file has no such service.';
  return { what: `\`services:\` names "${unknown}".`, why, mend: didYouMean(unknown, known) };
}

function singleFile(bundle: Bundle): Doubt | undefined {
  const names = new Map(bundle.files.map((file) => [join(bundle.path, file.name), file.name]));
  for (const service of bundle.compose.services) {
    const bind = service.binds.find(({ source }) => names.has(source));
    if (bind === undefined) continue;
    return {
      what: `Service ${service.name} mounts the single file ${names.get(bind.source)}.`,
      why: 'Such a mount keeps showing the old text: it holds the inode, and a file is replaced by renaming a new one over it.',
      mend: 'Mount the folder that the file is in.',
    };
  }
  return undefined;
}

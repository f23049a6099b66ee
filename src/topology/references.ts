import { dirname, join } from 'node:path/posix';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Project, pathsBelow } from '../diagnostics/project.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { YamlDocument } from '../yaml/yaml.ts';
import { SERVICES } from './groups.ts';
import type { TopologyFile } from './schema.ts';

type Path = readonly (string | number)[];
type Words = Omit<Diagnostic, 'severity' | 'at'>;

/** Faults of names in a topology that mean nothing: hosts, exporter groups, services, images, files. */
export function referenceFaults(
  project: Project,
  path: string,
  file: TopologyFile,
  document: YamlDocument,
  inventory: Inventory,
): readonly Diagnostic[] {
  const faults: Diagnostic[] = [];
  const report = (at: Path, words: Words, what?: 'key') =>
    faults.push({ severity: 'error', at: document.at(at, what), ...words });
  const cells = SERVICES.flatMap((kind) => Object.entries(file[kind]).map(([name, cell]) => ({ kind, name, cell })));

  const host = (name: string, at: Path) => {
    if (inventory.hosts.has(name)) return;
    const what = `The inventory has no host "${name}".`;
    report(at, { code: 'unknown-host', what, mend: didYouMean(name, [...inventory.hosts.keys()]) });
  };
  const below = (name: string, isFolder: boolean, at: Path) => {
    const wanted = join(dirname(path), name);
    if (isFolder ? pathsBelow(project, wanted).length > 0 : project.files.has(wanted)) return;
    const what = isFolder ? `There is no folder ${wanted} with files in it.` : `There is no file ${wanted}.`;
    report(at, { code: 'missing-file', what, mend: 'Make it, or correct its name.' });
  };

  for (const { kind, name, cell } of cells) {
    for (const key of ['hosts', 'notifiers'] as const) {
      const hosts = (cell as Partial<Record<typeof key, readonly string[]>>)[key] ?? [];
      for (const [index, one] of hosts.entries()) host(one, [kind, name, key, index]);
    }
    const version = kind === 'scrapers' || kind === 'federators' ? 'prometheus' : singular(kind);
    if (cell.image === undefined && file.versions[version] === undefined) {
      const what = `There is no image for ${name}.`;
      const mend = `Name it under versions, as ${version}, or give ${name} an image of its own.`;
      report([kind, name], { code: 'no-image', what, mend }, 'key');
    }
  }
  for (const [name, cell] of Object.entries(file.scrapers)) {
    for (const [index, group] of cell.exporters.entries()) {
      if (Object.hasOwn(file.exporters, group)) continue;
      const what = `There is no group of exporters "${group}".`;
      const known = Object.keys(file.exporters);
      const mend = known.length > 0 ? didYouMean(group, known) : 'Describe it under exporters.';
      report(['scrapers', name, 'exporters', index], { code: 'unknown-exporters', what, mend });
    }
  }
  for (const [name, { targets, file_sd }] of Object.entries(file.exporters)) {
    for (const [index, one] of file_sd.entries()) below(one, false, ['exporters', name, 'file_sd', index]);
    if (targets.length + file_sd.length > 0) continue;
    const what = `The group "${name}" has no targets.`;
    report(['exporters', name], { code: 'no-targets', what, mend: 'Give it targets or file_sd, or remove it.' }, 'key');
  }
  for (const [name, { rules }] of Object.entries(file.federators)) {
    if (rules !== undefined) below(rules, true, ['federators', name, 'rules']);
  }
  for (const [name, { backup, config, templates }] of Object.entries(file.alertmanagers)) {
    if (backup !== undefined) host(backup, ['alertmanagers', name, 'backup']);
    below(config, false, ['alertmanagers', name, 'config']);
    if (templates !== undefined) below(templates, true, ['alertmanagers', name, 'templates']);
  }
  const services = [...SERVICES, ...cells.map(({ name }) => name)];
  for (const [entry, { to }] of file.firewall.allow.entries()) {
    for (const [index, one] of to.entries()) {
      if (services.includes(one)) continue;
      const what = `There is no service "${one}".`;
      report(['firewall', 'allow', entry, 'to', index], {
        code: 'unknown-service',
        what,
        mend: didYouMean(one, services),
      });
    }
  }
  return faults;
}

function singular(kind: 'pushgateways' | 'alertmanagers'): 'pushgateway' | 'alertmanager' {
  return kind === 'pushgateways' ? 'pushgateway' : 'alertmanager';
}

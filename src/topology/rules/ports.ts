import { plainVariable } from './cells.ts';
import { instancesOf, type Published, type Publisher } from './instances.ts';
import type { Finding, Rule, Survey } from './rule.ts';

/** What is published by whom, port by port. */
function published({ estate }: Survey): readonly (Publisher & Published)[] {
  return instancesOf(estate).flatMap((one) => one.ports.map((port) => ({ ...one, ...port })));
}

function place({ topology }: Survey, { kind, cell, key }: Publisher & Published) {
  return topology.at([kind, cell, key]);
}

const portConflict: Rule = {
  code: 'port-conflict',
  severity: 'error',
  title: 'No two containers of a host publish the same port.',
  why: 'The second one does not start, in the middle of a change.',
  mend: 'Give one of them another `port`.',
  more: 'Ports are published on all addresses of a host, so a shared address does not keep them apart. A port that is not given follows from the number at the end of the name (scraper1 9090, scraper2 9190; pushgateways from 9091, Alertmanagers from 9093 and 9094, federators from 9095).',
  find: (survey) => {
    const seen = new Map<string, Publisher & Published>();
    const told = new Set<string>();
    return published(survey).flatMap((one): readonly Finding[] => {
      const { host, name, cell, kind, port, protocol } = one;
      const key = `${host} ${port}/${protocol}`;
      const other = seen.get(key);
      if (other === undefined) seen.set(key, one);
      const pair = `${other?.kind} ${other?.cell} ${kind} ${cell} ${port}`;
      if (other === undefined || told.has(pair)) return [];
      told.add(pair);
      return [{ what: `${other.name} and ${name} both publish port ${port} on ${host}.`, at: place(survey, one) }];
    });
  },
};

const portTaken: Rule = {
  code: 'port-taken',
  severity: 'error',
  title: 'No container publishes the port of SSH or of an exporter on its host.',
  why: 'Whoever comes second does not start; and where the container comes first, SSH or the exporter is shut out.',
  mend: 'Give the cell another `port`.',
  more: 'An exporter of a host is a target under `exporters` with the address of that host. Services of the estate itself are no exporters: federators scrape each of them already.',
  find: (survey) =>
    published(survey).flatMap((one) => {
      const { host, address, name, port, protocol } = one;
      if (protocol !== 'tcp') return [];
      const { inventory, estate } = survey;
      const variables = ['ansible_port', 'ansible_ssh_port'].map((key) => plainVariable(inventory, host, key));
      const ssh = Number(variables.find((value) => value !== undefined) ?? 22);
      const exporter = estate.exporters.find(({ targets }) => targets.includes(`${address}:${port}`));
      const whose = [
        ...(port === ssh ? ['SSH'] : []),
        ...(exporter ? [`an exporter of the group ${exporter.name}`] : []),
      ];
      return whose.map((who) => ({
        what: `${name} publishes port ${port} on ${host}, which is that of ${who}.`,
        at: place(survey, one),
      }));
    }),
};

/** Rules of published ports. */
export const portRules: readonly Rule[] = [portConflict, portTaken];

import { deriveAlertmanagers } from './derive-alertmanagers.ts';
import { deriveFederators } from './derive-federators.ts';
import { derivePushgateways, deriveVips } from './derive-pushgateways.ts';
import { deriveScrapers } from './derive-scrapers.ts';
import type { Estate } from './estate.ts';
import { flowsOf } from './flows.ts';
import type { Topology } from './topology.ts';

/** Everything that follows from a topology. */
export function deriveEstate(topology: Topology): Estate {
  const scrapers = topology.scrapers.flatMap((cell) => deriveScrapers(topology, cell));
  const pushgateways = topology.pushgateways.flatMap((cell) => derivePushgateways(topology, cell));
  const alertmanagers = topology.alertmanagers.flatMap((cell) => deriveAlertmanagers(topology, cell));
  const read = { scrapers, pushgateways, alertmanagers };
  const members = {
    cluster: topology.cluster,
    silence_members: topology.silence_members,
    ...read,
    federators: topology.federators.flatMap((cell) => deriveFederators(topology, cell, read)),
    vips: topology.pushgateways.flatMap((cell) =>
      deriveVips(
        cell,
        pushgateways.filter((one) => one.cell === cell.name),
      ),
    ),
    exporters: topology.exporters,
  };
  return { ...members, flows: flowsOf(members, topology.firewall.allow) };
}

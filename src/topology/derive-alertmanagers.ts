import type { AlertmanagerInstance } from './estate.ts';
import { isAtLeast } from './image.ts';
import { endpoint, membersOf } from './members.ts';
import type { AlertmanagerCell, Topology } from './topology.ts';

/** First version that knows --cluster.peer-name. */
const HAS_PEER_NAME = [0, 30] as const;

/**
 * The instances of one cluster, the backup last. Before it notifies, each waits for those whose names sort before its
 * own, so names put notifiers first. An unknown flag stops a container, so an unknown version gets none.
 */
export function deriveAlertmanagers(topology: Topology, cell: AlertmanagerCell): readonly AlertmanagerInstance[] {
  const { notifiers, backup, cluster_port, retention, config, templates, image, label } = cell;
  const members = membersOf(topology, 'alertmanager', cell, backup === undefined ? notifiers : [...notifiers, backup]);
  return members.map((member, index) => {
    const notifier = index < notifiers.length;
    return {
      ...member,
      notifier,
      cluster_port,
      peer_addresses: members
        .filter(({ name }) => name !== member.name)
        .map(({ address }) => endpoint(address, cluster_port)),
      ...(isAtLeast(image, HAS_PEER_NAME) && { peer_name: `${notifier ? 1 : 9}-${member.name}` }),
      ...(label !== undefined && { label }),
      retention,
      ...(notifier && { config }),
      ...(templates !== undefined && { templates: `${templates}/` }),
    };
  });
}

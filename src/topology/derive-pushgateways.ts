import { secondsOf } from './duration.ts';
import type { PushgatewayInstance, Vip } from './estate.ts';
import { membersOf } from './members.ts';
import type { PushgatewayCell, Topology } from './topology.ts';

/** Of equals the first host of a cell gets the address; `nopreempt` leaves it where it is afterwards. */
const FIRST_PRIORITY = 110;
const PRIORITY_STEP = 10;
/** Seconds; half of VRRP's default, so that a dead holder is replaced in 1.8 s. Takes VRRPv3. */
const ADVERT_INTERVAL = 0.5;

/** The instances of one pushgateway cell. */
export function derivePushgateways(topology: Topology, cell: PushgatewayCell): readonly PushgatewayInstance[] {
  const { grouping, max_age, push_period, vip } = cell;
  return membersOf(topology, 'pushgateway', cell, cell.hosts).map((member) => ({
    ...member,
    grouping,
    max_age,
    max_age_seconds: secondsOf(max_age),
    ...(push_period !== undefined && { push_period, push_period_seconds: secondsOf(push_period) }),
    ...(vip && { vip: addressIn(vip.vip) }),
  }));
}

/** The address that a cell's hosts hold in turn; none for a cell without one. */
export function deriveVips(cell: PushgatewayCell, instances: readonly PushgatewayInstance[]): readonly Vip[] {
  if (!cell.vip) return [];
  const { vip, interface: device, virtual_router_id } = cell.vip;
  const shared = { name: cell.name, vip, interface: device, virtual_router_id, port: cell.port };
  const members = instances.map(({ host, address }, index) => {
    const peer = instances.find((_, other) => other !== index);
    return {
      ...shared,
      host,
      priority: FIRST_PRIORITY - PRIORITY_STEP * index,
      address,
      ...(peer && { peer_address: peer.address }),
      advert_int: ADVERT_INTERVAL,
    };
  });
  return [{ ...shared, address: addressIn(vip), members }];
}

function addressIn(vip: string): string {
  return vip.split('/')[0]!;
}

import { expect, it } from 'vitest';
import { changed, derived } from './projects.ts';

it('lets the first host of a pair win, and each know the other', () => {
  const [vip] = derived().estate.vips;
  expect(vip).toMatchObject({ name: 'pushgateway1', vip: '10.0.0.50/24', address: '10.0.0.50', port: 9091 });
  expect(vip!.members).toMatchObject([
    { host: 'mon-a', priority: 110, address: '10.0.0.1', peer_address: '10.0.0.2', advert_int: 0.5 },
    { host: 'mon-b', priority: 100, address: '10.0.0.2', peer_address: '10.0.0.1', advert_int: 0.5 },
  ]);
});

it('has no address to hold where none is given', () => {
  const { vips, flows, pushgateways } = derived(
    changed(', vip: 10.0.0.50/24, interface: eth0, virtual_router_id: 51', ''),
  ).estate;
  expect(vips).toEqual([]);
  expect(flows.filter(({ protocol }) => protocol === 'vrrp')).toEqual([]);
  expect(pushgateways[0]).not.toHaveProperty('vip');
});

it('knows no peer in a cell of one host', () => {
  const { members } = derived(changed('pushgateway1: {hosts: [mon-a, mon-b]', 'pushgateway1: {hosts: [mon-a]')).estate
    .vips[0]!;
  expect(members).toHaveLength(1);
  expect(members[0]).not.toHaveProperty('peer_address');
});

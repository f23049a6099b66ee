import { expect, it } from 'vitest';
import { allowedFlows, peerFlows } from '../../../src/topology/flows.ts';
import { changed, derived } from './projects.ts';

const lines = (topology: string | undefined, host: string) =>
  allowedFlows(derived(topology).estate.flows, host).map((one) => `${one.source} ${one.protocol}/${one.port}`);

it('opens a host to exactly those who need it', () => {
  expect(lines(undefined, 'mon-a')).toEqual([
    '10.0.0.2 tcp/9090',
    '10.0.0.2 tcp/9091',
    '10.0.0.2 tcp/9093',
    '10.0.0.2 tcp/9094',
    '10.0.0.2 tcp/9095',
    '10.0.0.2 udp/9094',
    '10.0.9.0/24 tcp/9091',
    '10.0.9.0/24 tcp/9093',
    '10.0.9.0/24 tcp/9095',
  ]);
});

it('says every reason for a port once', () => {
  const [, , third] = allowedFlows(derived().estate.flows, 'mon-a');
  expect(third!.why).toBe('federator1-b scrapes alertmanager1-a, federator1-b notifies alertmanager1-a');
});

it('lets the other hosts prove what they need over TCP, and nobody else', () => {
  const { flows } = derived().estate;
  expect(peerFlows(flows, 'mon-a').map(({ from, to, port }) => `${from} ${to}:${port}`)).toEqual([
    'mon-b 10.0.0.1:9090',
    'mon-b 10.0.0.1:9091',
    'mon-b 10.0.0.1:9093',
    'mon-b 10.0.0.1:9094',
    'mon-b 10.0.0.1:9095',
  ]);
  expect(peerFlows(flows, 'mon-x')).toEqual([]);
});

it('opens one cell alone where it is named, and sorts addresses as numbers', () => {
  const text = changed(
    '{from: [10.0.9.0/24], to: [federators, alertmanagers, pushgateways]}',
    '{from: [10.0.0.10, 10.0.0.9], to: [federator1]}, {from: [10.0.0.10], to: [federators]}',
  );
  expect(lines(text, 'mon-a').slice(-2)).toEqual(['10.0.0.9 tcp/9095', '10.0.0.10 tcp/9095']);
});

it('opens nothing to what runs elsewhere, nor for VRRP, which never reaches a container', () => {
  const { flows } = derived().estate;
  expect(allowedFlows(flows, 'mon-x')).toEqual([]);
  expect(
    flows.filter(({ protocol }) => protocol === 'vrrp').map(({ source, destination }) => [source, destination]),
  ).toEqual([
    ['10.0.0.1', '10.0.0.2'],
    ['10.0.0.2', '10.0.0.1'],
  ]);
});

it('does not open other federators to a federator', () => {
  const text = changed(
    '  federator1: {hosts: [mon-a, mon-b]}',
    '  federator1: {hosts: [mon-a]}\n  federator2: {hosts: [mon-b]}',
  );
  const between = derived(text).estate.flows.filter(({ from, to }) => /^federator/.test(from) && /^federator/.test(to));
  expect(between).toEqual([]);
});

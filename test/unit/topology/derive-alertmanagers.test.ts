import { expect, it } from 'vitest';
import { changed, derived, twoServers } from './projects.ts';

const hosts = `${twoServers['inv/hosts.yml']}    mon-c: {ansible_host: 10.0.0.3}\n`;
const trio = (image: string) =>
  derived(
    changed('[mon-a, mon-b]}\nfirewall', `[mon-a, mon-b], backup: mon-c, image: "${image}", templates: t/}\nfirewall`),
    { 'inv/hosts.yml': hosts, 'inv/t/mail.tmpl': '' },
  ).estate.alertmanagers;

it('names notifiers before the backup where the version has names', () => {
  const names = trio('prom/alertmanager:v0.30.0').map((one) => one.peer_name!);
  expect(names).toEqual(['1-alertmanager1-a', '1-alertmanager1-b', '9-alertmanager1-c']);
  expect([...names].sort()).toEqual(names);
});

it.each([
  ['prom/alertmanager:v0.30.0', true],
  ['prom/alertmanager:v0.29.0', false],
  ['prom/alertmanager@sha256:01', false],
])('of %s uses a name: %s', (image, hasName) => {
  for (const one of trio(image)) expect('peer_name' in one).toBe(hasName);
});

it('has the other two as peers, and a backup without a configuration', () => {
  const [a, b, c] = trio('prom/alertmanager:v0.28.1');
  expect(a).toMatchObject({ notifier: true, peer_addresses: ['10.0.0.2:9094', '10.0.0.3:9094'] });
  expect(b).toMatchObject({ notifier: true, peer_addresses: ['10.0.0.1:9094', '10.0.0.3:9094'] });
  expect(c).toMatchObject({ notifier: false, peer_addresses: ['10.0.0.1:9094', '10.0.0.2:9094'], templates: 'inv/t/' });
  expect(a!.config).toBe('inv/alertmanager.yml');
  expect(c).not.toHaveProperty('config');
});

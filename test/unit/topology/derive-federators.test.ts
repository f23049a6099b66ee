import { expect, it } from 'vitest';
import { changed, derived } from './projects.ts';

it('tells pushgateways apart by labels, and pairs of scrapers', () => {
  const [one] = derived().estate.federators;
  expect(one!.pushgateway_targets).toEqual([
    { target: '10.0.0.1:9091', labels: { pushgateway_set: 'pushgateway1', pushgateway: 'a' } },
    { target: '10.0.0.2:9091', labels: { pushgateway_set: 'pushgateway1', pushgateway: 'b' } },
  ]);
  expect(one!.scraper_targets[1]).toEqual({ target: '10.0.0.2:9090', pair: 'scraper1', labels: { pair: 'scraper1' } });
});

it('knows how pushed metrics are told apart and when they are too old', () => {
  const text = changed(
    'virtual_router_id: 51',
    'virtual_router_id: 51, grouping: [job], push_period: 30s, max_age: 2m',
  );
  expect(derived(text).estate.federators[0]!.groupings).toEqual([
    {
      cell: 'pushgateway1',
      grouping: ['job'],
      max_age: '2m',
      max_age_seconds: 120,
      push_period: '30s',
      push_period_seconds: 30,
    },
  ]);
});

it('looks at the estate itself, each federator at the other too', () => {
  const own = derived().estate.federators.map(({ self_targets }) => self_targets);
  expect(own[1]).toEqual(own[0]);
  expect(own[0]).toEqual([
    { job_name: 'federator', static_configs: [{ targets: ['10.0.0.1:9095', '10.0.0.2:9095'] }] },
    {
      job_name: 'alertmanager',
      static_configs: [
        { targets: ['10.0.0.1:9093', '10.0.0.2:9093'], labels: { cell: 'alertmanager1', role: 'notifier' } },
      ],
    },
    {
      job_name: 'scraper',
      static_configs: [{ targets: ['10.0.0.1:9090', '10.0.0.2:9090'], labels: { pair: 'scraper1' } }],
    },
  ]);
});

it('takes the rules of a folder, sorted', () => {
  const text = changed('federator1: {', 'federator1: {rules: ./rules/, ');
  const [one] = derived(text, { 'inv/rules/b.yml': '', 'inv/rules/a.yml': '' }).estate.federators;
  expect(one!.rules).toEqual(['inv/rules/a.yml', 'inv/rules/b.yml']);
  expect(one!.rules_folder).toBe('inv/rules/');
});

it('writes addresses of IPv6 in brackets', () => {
  const hosts = 'all:\n  hosts:\n    mon-a: {ansible_host: "fd00::1"}\n    mon-b: {ansible_host: "fd00::2"}\n';
  const { federators, alertmanagers } = derived(undefined, { 'inv/hosts.yml': hosts }).estate;
  expect(federators[0]!.alertmanager_targets).toEqual(['[fd00::1]:9093', '[fd00::2]:9093']);
  expect(alertmanagers[0]!.peer_addresses).toEqual(['[fd00::2]:9094']);
});

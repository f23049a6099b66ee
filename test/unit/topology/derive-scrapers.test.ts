import { describe, expect, it } from 'vitest';
import { changed, derived } from './projects.ts';

const GROUP = 'node: {targets: ["10.0.0.1:9100", "10.0.0.2:9100"]}';
const jobWith = (group: string, more?: Readonly<Record<string, string>>) =>
  derived(changed(GROUP, `node: {${group}}`), more).estate.scrapers[0]!.jobs[0];

describe('jobs of scrapers', () => {
  it.each<[string, string, object]>([
    [
      'the shortest form',
      'targets: ["a:1"]',
      { scrape_interval: '15s', scrape_timeout: '10s', static_configs: [{ targets: ['a:1'] }] },
    ],
    [
      'an own interval',
      'targets: ["a:1"], interval: 5s',
      { scrape_interval: '5s', scrape_timeout: '5s', static_configs: [{ targets: ['a:1'] }] },
    ],
    [
      'labels',
      'targets: ["a:1"], labels: {site: n}',
      { scrape_interval: '15s', scrape_timeout: '10s', static_configs: [{ targets: ['a:1'], labels: { site: 'n' } }] },
    ],
    [
      'a password',
      'targets: ["a:1"], scheme: https, metrics_path: /m, auth: {username: u, password_file: /s/p, ca_file: /s/ca}',
      {
        scrape_interval: '15s',
        scrape_timeout: '10s',
        scheme: 'https',
        metrics_path: '/m',
        basic_auth: { username: 'u', password_file: '/s/p' },
        tls_config: { ca_file: '/s/ca' },
        static_configs: [{ targets: ['a:1'] }],
      },
    ],
    [
      'a token, limits and relabeling',
      'targets: ["a:1"], auth: {credentials_file: /s/t}, sample_limit: 9, body_size_limit: 1MB, relabel: [{action: keep}], metric_relabel: [{action: drop}]',
      {
        scrape_interval: '15s',
        scrape_timeout: '10s',
        sample_limit: 9,
        body_size_limit: '1MB',
        authorization: { credentials_file: '/s/t' },
        static_configs: [{ targets: ['a:1'] }],
        relabel_configs: [{ action: 'keep' }],
        metric_relabel_configs: [{ action: 'drop' }],
      },
    ],
  ])('are written for %s', (_, group, job) => {
    expect(jobWith(group)).toEqual({ job_name: 'node', ...job });
  });

  it('take targets from files, with the labels of the group', () => {
    const files = { 'inv/targets/node.yml': '[]\n' };
    const group = 'file_sd: [targets/node.yml], labels: {price: 5$}, relabel: [{action: keep}]';
    expect(jobWith(group, files)).toMatchObject({
      file_sd_configs: [{ files: ['/etc/prometheus/file_sd/node.yml'] }],
      relabel_configs: [{ target_label: 'price', replacement: '5$$' }, { action: 'keep' }],
    });
    const { scrapers } = derived(changed(GROUP, `node: {${group}}`), files).estate;
    expect(scrapers[0]!.file_sd).toEqual(['inv/targets/node.yml']);
  });
});

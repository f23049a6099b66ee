import { describe, expect, it } from 'vitest';
import { changed, derived } from './projects.ts';

/** What both scrapers of a pair write, for more settings; of a cluster with this name. */
function written(settings: string, cluster = 'small') {
  const text = changed('exporters: [node]', `exporters: [node], remote_write: {url: "http://x/y", ${settings}}`);
  const { scrapers } = derived(text.replace('cluster: small', `cluster: ${cluster}`)).estate;
  expect(scrapers[1]!.remote_write).toEqual(scrapers[0]!.remote_write);
  return scrapers[0]!.remote_write[0] as Readonly<Record<string, unknown>>;
}

const drop = { action: 'labeldrop', regex: 'scraper' };
const keep = {
  source_labels: ['cluster', 'exported_cluster'],
  regex: 'small;(.*)|(.*);.*',
  target_label: 'exported_cluster',
  replacement: '$1$2',
};

describe('what scrapers write to a store', () => {
  it.each<[string, readonly object[]]>([
    [
      'mimir',
      [
        keep,
        { target_label: 'cluster', replacement: 'small-scraper1' },
        { source_labels: ['scraper'], target_label: '__replica__' },
        drop,
      ],
    ],
    [
      'thanos',
      [
        { source_labels: ['replica'], regex: '(.+)', target_label: 'exported_replica' },
        { source_labels: ['scraper'], target_label: 'replica' },
        drop,
      ],
    ],
    ['victoriametrics', [drop]],
  ])('has the labels that %s needs', (kind, relabelings) => {
    expect(written(`kind: ${kind}`)).toEqual({
      url: 'http://x/y',
      queue_config: { capacity: 10_000, max_samples_per_send: 2000, max_shards: 50 },
      write_relabel_configs: relabelings,
    });
  });

  it('names the tenant in the header that the store looks at', () => {
    expect(written('kind: mimir, tenant: ops')).toMatchObject({ headers: { 'X-Scope-OrgID': 'ops' } });
    expect(written('kind: thanos, tenant: ops')).toMatchObject({ headers: { 'THANOS-TENANT': 'ops' } });
  });

  it.each<[string, object]>([
    [
      '{username: u, password_file: /run/secrets/p, ca_file: /run/secrets/ca.pem}',
      {
        basic_auth: { username: 'u', password_file: '/run/secrets/p' },
        tls_config: { ca_file: '/run/secrets/ca.pem' },
      },
    ],
    ['{credentials_file: /run/secrets/t}', { authorization: { credentials_file: '/run/secrets/t' } }],
    [
      '{cert_file: /c, key_file: /k, server_name: x}',
      { tls_config: { cert_file: '/c', key_file: '/k', server_name: 'x' } },
    ],
  ])('proves who writes with %s', (auth, settings) => {
    expect(written(`kind: thanos, auth: ${auth}`)).toMatchObject(settings);
  });

  it('takes the name of the estate as it is, and not as a pattern', () => {
    const [kept, pair] = written('kind: mimir', 'a.b$1')['write_relabel_configs'] as Record<string, string>[];
    expect(kept!['regex']).toBe('a\\.b\\$1;(.*)|(.*);.*');
    expect(pair!['replacement']).toBe('a.b$$1-scraper1');
  });
});

// RE2 and JavaScript agree on this pattern; Prometheus anchors it at both ends and takes an empty value for no label.
describe("a metric's own label `cluster`, on its way to Mimir", () => {
  it.each([
    ['small', '', ''],
    ['small', 'kept', 'kept'],
    ['other', '', 'other'],
    ['other', 'replaced', 'other'],
    ['', '', ''],
  ])('%j beside exported_cluster %j makes it %j', (cluster, exported, expected) => {
    const pattern = new RegExp(`^(?:${keep.regex})$`);
    expect(`${cluster};${exported}`.replace(pattern, keep.replacement)).toBe(expected);
  });
});

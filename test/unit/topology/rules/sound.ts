import { unwrap } from '../../../../src/diagnostics/diagnostic.ts';
import { projectOf } from '../../../../src/diagnostics/project.ts';
import { readEstate } from '../../../../src/topology/read-estate.ts';
import type { Survey } from '../../../../src/topology/rules/rule.ts';

const digest = (letter: string) => `@sha256:${letter.repeat(64)}`;

/** The files of an estate that breaks no rule, by their paths below the inventory. */
export const soundFiles: Readonly<Record<string, string>> = {
  'hosts.yml': `all:
  hosts:
    mon-a: {ansible_host: 10.0.0.11, failure_domain: north}
    mon-b: {ansible_host: 10.0.0.12, failure_domain: south}
    mon-c: {ansible_host: 10.0.0.13}
    mon-d: {ansible_host: 10.0.0.14}
`,
  'topology.yml': `cluster: prod
versions:
  prometheus: prom/prometheus:v3.5.0${digest('a')}
  alertmanager: prom/alertmanager:v0.30.0${digest('b')}
  pushgateway: prom/pushgateway:v1.11.0${digest('c')}
exporters:
  node:
    targets: [10.0.0.11:9100, 10.0.0.12:9100]
    sample_limit: 20000
  disk:
    file_sd: [targets/disk.yml]
    interval: 30s
    timeout: 20s
    labels: {site: north}
    relabel: [{source_labels: [__address__], target_label: where}]
    body_size_limit: 20MB
scrapers:
  scraper1: {hosts: [mon-a, mon-b], exporters: [node], interval: 15s, retention: 2h}
  scraper2: {hosts: [mon-b, mon-c], exporters: [disk]}
pushgateways:
  pushgateway1:
    hosts: [mon-a, mon-b]
    vip: 10.0.0.50/24
    interface: eth0
    virtual_router_id: 51
    push_period: 30s
    max_age: 5m
  pushgateway2:
    hosts: [mon-b, mon-c]
    vip: 10.0.0.51/24
    interface: eth0
    virtual_router_id: 52
    push_period: 30s
federators:
  federator1: {hosts: [mon-a, mon-b], interval: 30s, timeout: 25s, evaluation_interval: 30s, retention: 30d, rules: rules/}
alertmanagers:
  alertmanager1: {notifiers: [mon-a, mon-b], backup: mon-c, retention: 120h}
firewall:
  allow:
    - {from: [10.0.5.0/24], to: [pushgateways]}
    - {from: [10.0.9.7], to: [federators, alertmanagers]}
`,
  'alertmanager.yml': `global: {resolve_timeout: 5m}
route:
  receiver: pages
  group_interval: 5m7s
  repeat_interval: 4h
  routes:
    - {matchers: [alertname="Watchdog"], receiver: outside, repeat_interval: 5m}
receivers:
  - name: pages
    slack_configs: [{api_url_file: /run/secrets/slack, channel: '#ops', title: '{{ .Status }}'}]
  - name: outside
    webhook_configs: [{url: 'http://10.0.9.9:8080/alive'}]
`,
  'targets/disk.yml': `- targets: [10.0.0.11:9101, 10.0.0.12:9101]
  labels: {kind: ssd}
`,
  'rules/app.yml': `groups:
  - name: app
    rules:
      - record: job:requests:rate5m
        expr: sum by (job) (max without (scraper) (rate(requests_total[5m])))
      - alert: Slow
        expr: job:requests:rate5m offset 1d > 2
        for: 2m
`,
};

/** An estate of these files, as rules look at it; refused where it cannot even be read. */
export function surveyOf(files: Readonly<Record<string, string>>): Survey {
  const project = projectOf(Object.fromEntries(Object.entries(files).map(([name, text]) => [`prod/${name}`, text])));
  const { inventory, topology, estate } = unwrap(readEstate(project, 'prod'));
  return { inventory, topology: topology!, estate: estate!, project };
}

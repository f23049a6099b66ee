import { describe, expect, it } from 'vitest';
import { isDeed } from '../../../../src/resources/change.ts';
import { bundleOf } from '../../../../src/resources/compose/bundle.ts';
import { recordText, settledRecord } from '../../../../src/resources/compose/record.ts';
import type { ComposeSpec } from '../../../../src/resources/compose/schema.ts';
import { compose } from '../../../../src/resources/compose.ts';
import type { Circumstances } from '../../../../src/resources/kind.ts';

const spec = (services: string, more = ''): ComposeSpec => ({
  project: 'app',
  path: '/opt/app',
  compose: `services:\n${services}${more}`,
});
const service = (name: string, more = '') => `  ${name}: {image: 'x:1'${more}}\n`;

/** A container line of the probe; `hash` is what compose labelled it with. */
const container = (name: string, hash = 'new', state = 'running', number = 1) =>
  `container ${name}${number}|Up|${JSON.stringify({ service: name, number: `${number}`, hash, imageId: 'id', image: 'x:1', state })}`;

interface Scene {
  readonly wanted: ComposeSpec;
  /** What was deployed before, for the record; nothing when absent. */
  readonly before?: ComposeSpec;
  readonly containers: readonly string[];
  readonly docker?: string;
  readonly stderr?: string;
  readonly now?: Partial<Circumstances>;
}

/** What happens to each service, as `name: verb`; or why nothing can. */
function verdicts({ wanted, before, containers, docker = 'docker 0', stderr = '', now }: Scene): unknown {
  const record = before && recordText({ containers: 'sum', ...settledRecord(bundleOf(before)) });
  const { files, compose: file } = bundleOf(wanted);
  const there = (before ? bundleOf(before).files : files).flatMap(({ name, sha }) => [
    `stat 1 81a4 0 0 root|root ${name}`,
    `sha ${name} ${sha}`,
  ]);
  const stdout = [
    ...(record ? [`record ${Buffer.from(record).toString('base64')}`] : []),
    ...there,
    ...containers,
    docker,
    'compose 2.26.1',
    ...file.services.map(({ name }) => `hash ${name} new`),
    'image x:1 id',
  ].join('\n');
  const change = compose.diff(wanted, compose.parse({ code: 0, stdout, stderr }, wanted), { disturbed: false, ...now });
  if (change.action === 'blocked') return change.why;
  if (!isDeed(change)) return [];
  return change.fields
    .filter(({ field }) => field.startsWith('service '))
    .map(({ field, to }) => `${field.slice(8)}: ${to}`);
}

describe('what happens to services', () => {
  it('only the one whose definition differs is recreated, not those that depend on it', () => {
    const wanted = spec(service('a') + service('b', ', depends_on: [a]'));
    expect(verdicts({ wanted, containers: [container('a', 'old'), container('b')] })).toEqual(['a: recreated']);
  });

  it('what lives in a recreated container is recreated, what asked for it is restarted', () => {
    const wanted = spec(
      service('a') +
        service('b', ", network_mode: 'service:a'") +
        service('c', ', volumes_from: [a]') +
        service('d', ', depends_on: {a: {condition: service_started, restart: true}}'),
    );
    const containers = [container('a', 'old'), container('b'), container('c'), container('d')];
    expect(verdicts({ wanted, containers })).toEqual(['a: recreated', 'b: recreated', 'c: recreated', 'd: restarted']);
  });

  it('too few and too many containers are scaled, none at all are created', () => {
    const wanted = spec(service('a', ', scale: 2') + service('b') + service('c', ', deploy: {replicas: 0}'));
    const containers = [container('a'), container('b'), container('b', 'new', 'running', 2)];
    expect(verdicts({ wanted, containers })).toEqual(['a: scaled', 'b: scaled']);
    expect(verdicts({ wanted, containers: [] })).toEqual(['a: created', 'b: created']);
  });

  it('a stopped one is started, one in a restart loop or paused is restarted', () => {
    const wanted = spec(service('a') + service('b') + service('c'));
    const containers = [
      container('a', 'new', 'exited'),
      container('b', 'new', 'restarting'),
      container('c', 'new', 'paused'),
    ];
    expect(verdicts({ wanted, containers })).toEqual(['a: started', 'b: restarted', 'c: restarted']);
  });

  it('what is not in the file is removed', () => {
    expect(verdicts({ wanted: spec(service('a')), containers: [container('a'), container('z')] })).toEqual([
      'z: removed',
    ]);
  });

  it('a network that is defined otherwise recreates those in it', () => {
    const services = service('a') + service('b', ', networks: [back]');
    const net = (subnet: string) => `networks: {back: {ipam: {config: [{subnet: ${subnet}}]}}}\n`;
    const [before, wanted] = [spec(services, net('10.0.0.0/24')), spec(services, net('10.0.1.0/24'))];
    expect(verdicts({ wanted, before, containers: [container('a'), container('b')] })).toEqual(['b: recreated']);
    expect(verdicts({ wanted: before, before, containers: [container('a'), container('b')] })).toEqual([]);
  });

  it('a volume that is defined otherwise blocks: docker would have to lose its data', () => {
    const volume = (size: string) => `volumes: {data: {driver_opts: {o: size=${size}}}}\n`;
    const [before, wanted] = [spec(service('a'), volume('1g')), spec(service('a'), volume('2g'))];
    expect(verdicts({ wanted, before, containers: [container('a')] })).toMatch(/would lose its data/);
  });
});

describe('with a docker that rests', () => {
  const rest = { docker: 'docker 1', stderr: 'Cannot connect to the Docker daemon', containers: [] } as const;
  const before = spec(service('a'));

  it('a bundle that was deployed is started, when something before it may start docker', () => {
    expect(verdicts({ ...rest, wanted: before, before, now: { disturbed: true } })).toEqual(['a: started']);
  });

  it('another compose file cannot be planned', () => {
    const wanted = spec(service('a', ', command: x'));
    expect(verdicts({ ...rest, wanted, before, now: { disturbed: true } })).toMatch(/cannot be known/);
  });

  it('it cannot be removed', () => {
    const wanted: ComposeSpec = { project: 'app', path: '/opt/app', state: 'absent' };
    expect(verdicts({ ...rest, wanted, before })).toMatch(/its containers would stay/);
  });
});

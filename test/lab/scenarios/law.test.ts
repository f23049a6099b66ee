import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deeds } from '../../../src/plan/plan.ts';
import { planText } from '../../../src/plan/plan-text.ts';
import type { Report } from '../../../src/run/job.ts';
import '../../support/fast-check.ts';
import { count, newScore, publish } from '../../support/score.ts';
import { labUnavailable } from '../lab/availability.ts';
import { runTasks, type Task } from '../run-tasks.ts';
import { reader, stateOf } from '../support/reread.ts';
import { scenario } from '../support/scenario.ts';
import { differences, snapshot } from '../support/snapshot.ts';

const reason = labUnavailable();
const host = 'mon-a';
const score = newScore('hosts');

/** `LAW_RUNS` adds random estates to the one that has everything. */
const numRuns = 1 + Math.floor(Number(process.env['LAW_RUNS'] ?? 60) / 100);

const [older, newer] = ['prom/pushgateway:v1.5.1', 'prom/pushgateway:v1.11.0'];

/** A bundle of a server with a configuration that it does not read, and perhaps a neighbour. */
const bundle = (image: string, text: string, side: boolean, port: number): Task => [
  'compose',
  {
    project: 'law',
    path: '/opt/law',
    compose: `services:
  web:
    image: ${image}
    ports: ["127.0.0.1:${port}:9091"]
    volumes: ["./config:/etc/law:ro"]
${side ? `  side:\n    image: ${older}\n` : ''}`,
    files: { 'config/law.yml': text },
    timeout: 60,
  },
];

const ready = (port: number): Task => ['http', { url: `http://127.0.0.1:${port}/-/ready` }];

/** Per thing on the host, the tasks that there may be for it; none of them is a choice as well. */
const choices: readonly (readonly (readonly Task[])[])[] = [
  [
    [['directory', { path: '/etc/law', mode: '0755' }]],
    [['directory', { path: '/etc/law', mode: '2750', owner: 'nobody', group: 'adm' }]],
  ],
  [
    [['file', { path: '/etc/law/f', content: 'one\ntwo\n' }]],
    [['file', { path: '/etc/law/f', content: "it's $(id)\n", mode: '0600', owner: 'nobody' }]],
    [['file', { path: '/etc/law/f', state: 'absent' }]],
  ],
  [
    [['sysctl', { name: 'net.ipv4.ip_default_ttl', value: 65 }]],
    [['sysctl', { name: 'net.ipv4.ip_default_ttl', value: 66 }]],
  ],
  [[['sysctl', { name: 'net.ipv4.ip_local_port_range', value: '32768 60998' }]]],
  [
    [['service', { name: 'law', state: 'started', enabled: true }]],
    [['service', { name: 'law', state: 'stopped', enabled: false }]],
    [['service', { name: 'law.service', state: 'started', enabled: false }]],
  ],
  [
    [['user', { name: 'law', uid: 2001, group: 'law', shell: '/bin/sh', home: '/home/law', groups: ['adm'] }]],
    [['user', { name: 'law', uid: 2002, group: 'lawful', shell: '/usr/sbin/nologin', home: '/srv/law' }]],
    [['user', { name: 'law', state: 'absent' }]],
  ],
  [[['image', { name: newer }]]],
  [
    [bundle(older, 'a: 1\n', true, 9191), ready(9191)],
    [bundle(newer, 'a: 1\n', false, 9191), ready(9191)],
    [bundle(older, 'a: 2\n', true, 9191), ready(9191)],
    [['compose', { project: 'law', path: '/opt/law', state: 'absent' }]],
  ],
  [
    [
      [
        'iptables_chain',
        { chain: 'LAW', jump_from: 'INPUT', rules: ['-p tcp --dport 9999 -j DROP', '-s 10.99.0.0/16 -j RETURN'] },
      ],
    ],
    [
      [
        'iptables_chain',
        {
          chain: 'LAW',
          jump_from: 'INPUT',
          rules: ['-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN', '-p udp -m udp --dport 9998 -j DROP'],
        },
      ],
    ],
    [['iptables_chain', { chain: 'LAW', state: 'absent' }]],
  ],
  [[['package', { name: 'conntrack' }]], [['package', { name: ['conntrack'], state: 'absent' }]]],
  [[['command', { run: 'echo made >/srv/made', creates: '/srv/made' }]]],
];

/** What somebody did to the host by hand. */
const byHand = [
  'mkdir -p -m 0700 /etc/law; printf "one\\n" >/etc/law/f; chmod 4711 /etc/law/f',
  'sysctl -qw net.ipv4.ip_default_ttl=63; echo "net.ipv4.ip_default_ttl = 63" >/etc/sysctl.d/60-hadeploy-net.ipv4.ip_default_ttl.conf',
  'systemctl start law; systemctl disable -q law',
  'id law >/dev/null 2>&1 || useradd -u 2007 -s /bin/bash law',
  'iptables -N LAW 2>/dev/null; iptables -A LAW -j RETURN; ip6tables -F LAW 2>/dev/null; :',
  'docker ps -q --filter label=com.docker.compose.project=law | xargs -r docker stop -t 1 >/dev/null',
  'rm -rf /opt/law/config /srv/made',
];

type Choice = readonly (number | undefined)[];
const tasksOf = (choice: Choice) => choice.flatMap((one, index) => (one === undefined ? [] : choices[index]![one]!));

// The folder is always declared, since a file needs one.
const choice: fc.Arbitrary<Choice> = fc.tuple(
  ...choices.map((some, index) => {
    const one = fc.nat({ max: some.length - 1 });
    return index === 0 ? one : fc.option(one, { nil: undefined, freq: 4 });
  }),
);
const hands = fc.subarray([...byHand]);
const everything: readonly [string[], Choice, Choice, string[]] = [
  [0, 2, 3, 4].map((one) => byHand[one]!),
  choices.map(() => 0),
  choices.map((some) => (some.length > 1 ? 1 : undefined)),
  [0, 1, 5, 6].map((one) => byHand[one]!),
];

const text = ({ plan }: Report) => planText(plan!, { diffs: true });

describe.skipIf(reason)(`the law, on a real host${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const at = scenario('t-law', { hosts: 1 });
  const untouched = async (before: readonly string[]) =>
    expect(differences(before, await snapshot(at, [host]))).toEqual([]);

  beforeAll(async () => {
    await at.on(
      host,
      `printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/law.service
systemctl daemon-reload; docker pull -q ${older}`,
    );
  });
  afterAll(() => publish(score));

  /** Check, real, check again, real again: what the first says is what the second does, and the others do nothing. */
  async function lawfully(tasks: readonly Task[]): Promise<void> {
    const before = await snapshot(at, [host]);
    const dry = await runTasks(at.lab, host, tasks, 'stop');
    expect(dry.faults).toEqual([]);
    await untouched(before);
    const after = await reader(at, host, dry.plan!);
    const real = await runTasks(at.lab, host, tasks);
    expect(real.faults).toEqual([]);
    expect(text(real)).toBe(text(dry));
    const found = await after();
    const shown = new Map(deeds(dry.plan!).map((item) => [item.resource.id, item]));
    for (const item of deeds(real.plan!)) count(score, item, (field) => found(shown.get(item.resource.id)!, field));
    expect(score.wrong).toEqual([]);
    const settled = await snapshot(at, [host]);
    for (const answer of ['stop', 'go'] as const) {
      const again = await runTasks(at.lab, host, tasks, answer);
      expect(again).toMatchObject({ outcome: 'planned', faults: [] });
      expect(text(again)).toMatch(/^Nothing to change: /);
    }
    await untouched(settled);
  }

  it(
    'holds for every kind: check, real, check again, real again, and the way back',
    async () => {
      await fc.assert(
        fc.asyncProperty(hands, choice, choice, hands, async (start, first, second, later) => {
          await at.on(host, [...start, ':'].join('\n'));
          await lawfully(tasksOf(first));
          const declared = (await runTasks(at.lab, host, tasksOf(first), 'stop')).plan!.plays[0]!.items.get(host)!;
          const resources = declared.map(({ resource }) => resource);
          const former = await stateOf(at, host, resources);
          await lawfully(tasksOf(second));
          await at.on(host, [...later, ':'].join('\n'));
          await lawfully(tasksOf(first));
          expect(await stateOf(at, host, resources)).toEqual(former);
        }),
        { numRuns, examples: [everything], endOnFailure: true },
      );
    },
    180_000 * (numRuns + 1),
  );
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable } from '../lab/availability.ts';
import type { Lab } from '../lab/lab.ts';
import { down, up } from '../lab/life.ts';
import { changesIn, runTasks, type Task } from '../run-tasks.ts';

const reason = labUnavailable();
let lab: Lab;

const addressOf = (host: string) => lab.hosts.find(({ name }) => name === host)!.address;
const sh = async (host: string, script: string) => (await lab.exec(host, script)).stdout.trim();

/** The chain of the recipe: the bridge itself passes, 9094 only from the peers given, other networks are left alone. */
const chain = (peers: readonly string[], more: Readonly<Record<string, unknown>> = {}): Task => [
  'iptables_chain',
  {
    chain: 'MONITORING',
    rules: [
      '! -o monitoring -j RETURN',
      '-i monitoring -j RETURN',
      '-p tcp -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN',
      ...peers.map((peer) => `-s ${peer} -p tcp --dport 9094 -j RETURN`),
      ...peers.map((peer) => `-s ${peer} -p udp --dport 9094 -j RETURN`),
      '-m conntrack --ctstate RELATED,ESTABLISHED --ctdir REPLY -j RETURN',
      '-j DROP',
    ],
    ...more,
  },
];
const apply = async (...tasks: readonly Task[]) => changesIn(await runTasks(lab, 'mon-a', tasks));
const dryRun = async (...tasks: readonly Task[]) => changesIn(await runTasks(lab, 'mon-a', tasks, 'stop'));

const everything = () =>
  sh(
    'mon-a',
    "for t in iptables ip6tables; do $t-save | grep -v '^#' | sed 's/ \\[.*//'; done; find /etc -printf '%p %s %m %l\\n' | sort",
  );
const firewall = () =>
  sh('mon-a', "for t in iptables ip6tables; do $t-save -t filter | grep -v '^#' | sed 's/ \\[.*//'; done");

/** What of the firewall concerns a chain that is jumped to from DOCKER-USER: Docker's own rules change their order. */
const around = async () => (await firewall()).split('\n').filter((line) => /DOCKER-USER|MONITORING/.test(line));

/** A container that answers on 9094, TCP by itself and UDP by an echo in its network. */
const startContainer = () =>
  sh(
    'mon-a',
    `docker network create -o com.docker.network.bridge.name=monitoring monitoring
docker run -d --name peer --restart always --network monitoring -p 9094:9094/tcp -p 9094:9094/udp prom/pushgateway:v1.11.0 --web.listen-address=:9094
docker run -d --name other --restart always -p 9099:9091 prom/pushgateway:v1.11.0`,
  );
const startEcho = () =>
  sh(
    'mon-a',
    `systemctl stop echo 2>/dev/null; systemctl reset-failed echo 2>/dev/null
systemd-run --quiet --unit=echo nsenter -t "$(docker inspect -f '{{.State.Pid}}' peer)" -n perl -MIO::Socket::INET -e '
my $s = IO::Socket::INET->new(LocalPort => 9094, Proto => "udp") or die; while (1) { my $from = $s->recv(my $text, 99); $s->send($text, 0, $from) }'`,
  );

const tcp = (from: string, port = 9094) =>
  sh(from, `curl -fsS -m 2 -o /dev/null http://${addressOf('mon-a')}:${port}/-/ready && echo passes || echo blocked`);
// Always the same source port, so that it is one flow to the kernel.
const udp = (from: string) =>
  sh(
    from,
    `perl -MIO::Socket::INET -MIO::Select -e 'my $s = IO::Socket::INET->new(PeerAddr => "${addressOf('mon-a')}", PeerPort => 9094, LocalPort => 40000, Proto => "udp") or die;
$s->send("x"); print IO::Select->new($s)->can_read(1) ? "passes" : "blocked"'`,
  );
const soon = { timeout: 30_000, interval: 250 };

describe.skipIf(reason !== undefined)(`a chain on real hosts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let before: readonly string[];

  beforeAll(async () => {
    lab = await up({ name: 't-ipt', hosts: 2 });
    await startContainer();
    await startEcho();
  });
  afterAll(() => down('t-ipt'));

  it('without a chain, whoever comes reaches a published port', async () => {
    await expect.poll(() => tcp('mon-b'), soon).toBe('passes');
    expect(await udp('mon-b')).toBe('passes');
    before = await around();
  });

  it('a dry run shows exactly what the apply then does, and touches nothing', async () => {
    const untouched = await everything();
    const planned = await dryRun(chain([addressOf('mon-b')]));
    expect(await everything()).toBe(untouched);
    expect(planned).toHaveLength(1);
    expect(Object.keys(planned[0]!)).toEqual(['rules', 'rules6', 'jump', 'unit']);
    expect(await apply(chain([addressOf('mon-b')]))).toEqual(planned);
    expect(await sh('mon-a', 'iptables -S MONITORING | tail -n +2 | sed "s/^-A MONITORING //"')).toBe(
      String(planned[0]!['rules']![1]).trim(),
    );
  });

  it('a second apply changes nothing', async () => {
    expect(await apply(chain([addressOf('mon-b')]))).toEqual([]);
  });

  it('lets the peer in, on TCP and UDP, and leaves other networks of the host alone', async () => {
    expect([await tcp('mon-b'), await udp('mon-b'), await tcp('mon-b', 9099)]).toEqual(['passes', 'passes', 'passes']);
  });

  it('shuts out whoever is no peer any more, on TCP and UDP', async () => {
    const [change] = await apply(chain([]));
    expect(Object.keys(change!)).toEqual(['rules']);
    expect([await tcp('mon-b'), await udp('mon-b'), await tcp('mon-b', 9099)]).toEqual([
      'blocked',
      'blocked',
      'passes',
    ]);
  });

  it('takes a lost permission from a UDP flow that the kernel knows as established', async () => {
    const rules = (peers: readonly string[]) => [
      '! -o monitoring -j RETURN',
      '-m conntrack --ctstate ESTABLISHED -j RETURN',
      ...peers.map((peer) => `-s ${peer} -p udp --dport 9094 -j RETURN`),
      '-j DROP',
    ];
    await apply(chain([], { rules: rules([addressOf('mon-b')]) }));
    expect(await udp('mon-b')).toBe('passes');
    await apply(chain([], { rules: rules([]) }));
    expect(await udp('mon-b')).toBe('blocked');
    await apply(chain([addressOf('mon-b')]));
    expect(await udp('mon-b')).toBe('passes');
  });

  it.each([
    ['a rule added by hand', 'iptables -I MONITORING -j RETURN', { rules: [expect.any(String), expect.any(String)] }],
    ['a chain that was flushed', 'ip6tables -F MONITORING', { rules6: ['', expect.any(String)] }],
    [
      'a jump that is not the first rule any more',
      'iptables -I DOCKER-USER -s 10.99.0.1 -j RETURN',
      { jump: ['IPv4: rule 2 of DOCKER-USER; IPv6: first in DOCKER-USER', 'first in DOCKER-USER'] },
    ],
    [
      'a jump that stands there twice',
      'iptables -A DOCKER-USER -j MONITORING; ip6tables -A DOCKER-USER -j MONITORING',
      { jump: ['more than once in DOCKER-USER', 'first in DOCKER-USER'] },
    ],
    [
      'a FORWARD that does not lead to DOCKER-USER',
      'iptables -D FORWARD -j DOCKER-USER',
      { jump: [expect.stringContaining('FORWARD does not begin with DOCKER-USER'), 'first in DOCKER-USER'] },
    ],
    [
      'a unit that was disabled',
      'systemctl disable hadeploy-chain-MONITORING-docker',
      { unit: ['not enabled', expect.any(String)] },
    ],
    [
      'saved rules that were edited',
      'sed -i /DROP/d /etc/hadeploy/chains/MONITORING.v4',
      { unit: ['saved rules differ', expect.any(String)] },
    ],
  ])('sees and mends %s', async (_, damage, expected) => {
    await sh('mon-a', damage);
    const planned = await dryRun(chain([addressOf('mon-b')]));
    expect(planned).toEqual([expected]);
    expect(await apply(chain([addressOf('mon-b')]))).toEqual(planned);
    expect(await dryRun(chain([addressOf('mon-b')]))).toEqual([]);
    await sh('mon-a', 'iptables -D DOCKER-USER -s 10.99.0.1 -j RETURN');
  });

  it('a second chain in the same place does not push the first aside', async () => {
    const second: Task = ['iptables_chain', { chain: 'SECOND', rules: ['-s 10.99.0.2 -j DROP'] }];
    expect(await apply(chain([addressOf('mon-b')]), second)).toHaveLength(1);
    expect(await apply(chain([addressOf('mon-b')]), second)).toEqual([]);
    expect(await apply(chain([addressOf('mon-b')]))).toHaveLength(1);
    expect(await firewall()).not.toContain('SECOND');
  });

  it.each([
    ['restarted', 'systemctl restart docker'],
    ['killed', 'kill -9 "$(cat /run/docker.pid)"'],
    ['stopped and started', 'systemctl stop docker.service docker.socket; systemctl start docker'],
  ])('is put back whole when Docker was %s', async (_, deed) => {
    const whole = await firewall();
    await sh('mon-a', 'systemctl reset-failed docker; iptables -F MONITORING; ip6tables -D DOCKER-USER -j MONITORING');
    expect(await firewall()).not.toBe(whole);
    await sh('mon-a', deed);
    await expect.poll(() => dryRun(chain([addressOf('mon-b')])), soon).toEqual([]);
    await expect.poll(() => tcp('mon-b'), soon).toBe('passes');
  });

  it('filters again after a reboot, and did so before Docker started', async () => {
    await apply(chain([]));
    await sh('mon-a', 'iptables -N WITNESS');
    await lab.reboot('mon-a');
    expect(await firewall()).not.toContain('WITNESS');
    await expect.poll(() => dryRun(chain([])), soon).toEqual([]);
    const times = await sh(
      'mon-a',
      `systemctl show --value -p ExecMainExitTimestampMonotonic hadeploy-chain-MONITORING.service
systemctl show --value -p ExecMainStartTimestampMonotonic docker.service`,
    );
    const [chainPlaced, dockerStarted] = times.split('\n').map(Number);
    expect(chainPlaced).toBeGreaterThan(0);
    expect(chainPlaced).toBeLessThan(dockerStarted!);
    await startEcho();
    await expect.poll(() => tcp('mon-b', 9099), soon).toBe('passes');
    expect([await tcp('mon-b'), await udp('mon-b')]).toEqual(['blocked', 'blocked']);
    await apply(chain([addressOf('mon-b')]));
    expect([await tcp('mon-b'), await udp('mon-b')]).toEqual(['passes', 'passes']);
  });

  it('filters IPv6 as well, by the rules of IPv4 or by its own', async () => {
    await sh(
      'mon-a',
      `sysctl -q -w net.ipv6.conf.all.forwarding=1; ip -6 addr add fd00:a::1/64 dev eth0 nodad; ip -6 addr add fd00:b::1/64 dev monitoring nodad
nsenter -t "$(docker inspect -f '{{.State.Pid}}' peer)" -n sh -c 'echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6; echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6; ip -6 addr add fd00:b::2/64 dev eth0 nodad; ip -6 route add default via fd00:b::1'`,
    );
    await sh('mon-b', 'ip -6 addr add fd00:a::2/64 dev eth0 nodad; ip -6 route add fd00:b::/64 via fd00:a::1');
    const tcp6 = () =>
      sh('mon-b', 'curl -fsS -m 2 -o /dev/null "http://[fd00:b::2]:9094/-/ready" && echo passes || echo blocked');
    expect(await tcp6()).toBe('blocked');
    await apply(
      chain([addressOf('mon-b')], {
        rules6: ['-s fd00:a::2 -p tcp --dport 9094 -j RETURN', '-o monitoring -p tcp --dport 9094 -j DROP'],
      }),
    );
    await expect.poll(tcp6, soon).toBe('passes');
    await apply(chain([addressOf('mon-b')], { rules6: ['-o monitoring -p tcp --dport 9094 -j DROP'] }));
    expect(await tcp6()).toBe('blocked');
    expect(await apply(chain([addressOf('mon-b')]))).toHaveLength(1);
  });

  it('moves to another place, and the old jump goes', async () => {
    const moved = chain([addressOf('mon-b')], { jump_from: ['FORWARD'] });
    expect(await apply(moved)).toHaveLength(1);
    expect(await firewall()).not.toContain('-A DOCKER-USER -j MONITORING');
    expect(await apply(moved)).toEqual([]);
    expect(await tcp('mon-b')).toBe('passes');
    expect(await sh('mon-a', 'ls /etc/systemd/system | grep hadeploy')).toBe('hadeploy-chain-MONITORING.service');
    expect(await apply(chain([addressOf('mon-b')]))).toHaveLength(1);
    expect(await apply(chain([addressOf('mon-b')]))).toEqual([]);
  });

  it('leaves nothing behind once it is no longer declared', async () => {
    expect(await apply()).toHaveLength(1);
    expect(await around()).toEqual(before);
    const left =
      'find /etc -name "*hadeploy-chain*" -o -path "/etc/hadeploy/*"; systemctl list-units --all --plain --no-legend "hadeploy-chain*"';
    expect(await sh('mon-a', left)).toBe('');
    expect(await tcp('mon-b')).toBe('passes');
    await sh('mon-a', 'systemctl reset-failed docker; systemctl restart docker');
    expect(await around()).toEqual(before);
  });
});

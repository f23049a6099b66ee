import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable } from '../lab/availability.ts';
import { eventually } from '../support/eventually.ts';
import { scenario } from '../support/scenario.ts';

const reason = labUnavailable();

describe.skipIf(reason)(`changes of a chain that nobody confirms${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const at = scenario('t-unconfirmed', { hosts: 2 });
  let address: string;

  beforeAll(() => {
    address = at.addressOf('mon-a');
    const host = (name: string) => `    ${name}: {ansible_host: ${at.addressOf(name)}}\n`;
    const login = `{ansible_user: deploy, private_key_file: ${at.lab.privateKey}, known_hosts_file: ${at.lab.knownHosts}}`;
    mkdirSync(join(at.folder, 'plain'));
    mkdirSync(join(at.folder, 'playbooks'));
    writeFileSync(
      join(at.folder, 'plain', 'hosts.yml'),
      `all:\n  vars: ${login}\n  hosts:\n${host('mon-a')}${host('mon-b')}`,
    );
  });

  /** A chain on mon-a that mon-b is to get through, on its port 7000. */
  const task = (rules: readonly string[], more = '', after = 60) =>
    `    - iptables_chain:
        chain: GUARD
        jump_from: ${rules.some((rule) => rule.includes('--sport')) ? 'OUTPUT' : 'INPUT'}
        restore_after: ${after}
        confirm: [{from: mon-b, to: ${address}, port: 7000}]
        rules: ${JSON.stringify(rules)}
${more}`;
  const play = (...tasks: readonly string[]) => `- hosts: mon-a\n  become: true\n  tasks:\n${tasks.join('')}`;
  const write = (...plays: readonly string[]) =>
    writeFileSync(join(at.folder, 'playbooks', 'site.yml'), plays.join(''));
  const apply = ['apply', 'plain', '--yes'];
  const applied = (...plays: readonly string[]) => {
    write(...plays);
    return at.hadeploy(...apply);
  };

  const firewall = () =>
    at.on(
      'mon-a',
      `for t in iptables ip6tables; do $t-save -t filter | grep GUARD; done | sed 's/ \\[.*//'
find /etc/hadeploy/chains /etc/systemd/system -name '*GUARD*' | sort; cat /etc/hadeploy/chains/GUARD.v4`,
    );
  const left = () =>
    at.on('mon-a', "ls -A /run/hadeploy 2>/dev/null; systemctl list-units --all --plain --no-legend 'hadeploy-undo*'");
  const good = ['-p tcp --dport 7001 -j DROP'];
  const bad = ['-p tcp --dport 7000 -j DROP'];
  let before: string;

  it('one that is confirmed leaves no unit and no file behind', async () => {
    const { code, stdout } = await applied(play(task(good)));
    expect(stdout).toContain('put back after 60 s unless confirmed by a new login and connections from mon-b');
    expect(code).toBe(0);
    expect(await left()).toBe('');
    before = await firewall();
    expect(before).toContain('-A GUARD -p tcp -m tcp --dport 7001 -j DROP');
    expect((await at.hadeploy(...apply)).stdout).toMatch(/^Nothing to change/);
  });

  it('is refused in the plan where it is seen to shut hadeploy itself out', async () => {
    const { code, stderr } = await applied(play(task(['-m conntrack --ctstate ESTABLISHED -j ACCEPT', '-j DROP'])));
    expect(code).toBe(1);
    expect(stderr).toContain('error cuts-off-ssh  The chain GUARD stops SSH');
    expect(stderr).toContain('playbooks/site.yml:4:7  on mon-a');
    expect(stderr).toContain(`-s ${at.lab.bridgeAddress}/32 -p tcp --dport 22 -j RETURN`);
    expect(await firewall()).toBe(before);
  });

  it('is undone where a peer no longer gets through', async () => {
    const { code, stderr } = await applied(play(task(bad)));
    expect(code).toBe(1);
    expect(stderr).toContain('error not-confirmed');
    expect(stderr).toContain(`mon-b does not reach ${address}:7000 (no answer within 3 s)`);
    expect(stderr).toContain('mon-a was put back to what it was: iptables_chain:GUARD.');
    expect(await firewall()).toBe(before);
    expect(await left()).toBe('');
  });

  it('is put back by the host when the controller has died, and the next run finishes', async () => {
    write(play(task(bad, '', 16)));
    const killed = at.start(apply);
    await eventually(() => at.on('mon-a', 'iptables -S GUARD | grep -q 7000'));
    killed.signal('SIGKILL');
    await killed.ended;
    const armed = (await at.hadeploy('plan', 'plain')).stdout;
    expect(armed).toMatch(/confirmed: no, hadeploy-undo-GUARD-\w+ will put it back → yes/);
    await eventually(async () => expect(await left()).toBe(''));
    expect(await firewall()).toBe(before);
    expect((await applied(play(task([...good, '-p tcp --dport 7002 -j DROP'])))).code).toBe(0);
    expect(await left()).toBe('');
    expect((await at.hadeploy(...apply)).stdout).toMatch(/^Nothing to change/);
    before = await firewall();
  });

  it('is put back by the host when it cut off the very connection, which is waited for and seen', async () => {
    const { code, stderr } = await applied(play(task(['-p tcp --sport 22 -j DROP'], '', 18)));
    expect(code).toBe(1);
    expect(stderr).toContain('error connection-lost');
    expect(stderr).toContain('mon-a has put iptables_chain:GUARD back by itself, since nobody confirmed the change');
    expect(await firewall()).toBe(before);
    expect(await left()).toBe('');
  });

  it('a chain opens before what uses it changes, and closes after', async () => {
    const from = (last: number) => [`-s 10.99.0.${last} -p tcp --dport 7003 -j RETURN`, '-p tcp --dport 7003 -j DROP'];
    const between = '    - command: {run: "iptables -S GUARD >/tmp/between", creates: /tmp/between}\n';
    const plays = (last: number, middle: string) => [
      play(task(from(last), '        only: opening\n')),
      play(middle),
      play(task(from(last))),
    ];
    await applied(...plays(1, '    - directory: {path: /tmp/x}\n'));
    const { code, stdout } = await applied(...plays(2, between));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /~ iptables_chain:GUARD opening [\s\S]*command:iptables[\s\S]*~ iptables_chain:GUARD {2}rules/,
    );
    const rules = await at.on('mon-a', 'cat /tmp/between; iptables -S GUARD');
    expect([...rules.matchAll(/-s 10.99.0.(\d)|DROP/g)].map(([all, last]) => last ?? all)).toEqual([
      '1',
      '2',
      'DROP',
      '2',
      'DROP',
    ]);
    expect((await at.hadeploy('rollback', 'plain', '--yes')).code).toBe(0);
    expect(await at.on('mon-a', 'iptables -S GUARD | grep -o "10.99.0.[0-9]"')).toBe('10.99.0.1');
    expect(await left()).toBe('');
  });

  it('goes with its chain', async () => {
    expect((await applied(play('    - directory: {path: /tmp/x}\n'))).code).toBe(0);
    expect(await at.on('mon-a', 'iptables-save | grep GUARD; find /etc -name "*GUARD*"')).toBe('');
    expect(await left()).toBe('');
  });
});

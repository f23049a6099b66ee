import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labUnavailable } from '../lab/availability.ts';
import { quiet } from '../support/checks.ts';
import { ending, well } from '../support/ending.ts';
import { eventually } from '../support/eventually.ts';
import { inShort, planOf } from '../support/plan.ts';
import { scenario } from '../support/scenario.ts';
import { differences, snapshot } from '../support/snapshot.ts';

const reason = labUnavailable();
const servers = ['mon-a', 'mon-b'];

/** A playbook that goes through the servers one at a time, and on each waits in its middle until the test says go. */
const slow = (name: string) => `
- name: Slow
  hosts: monitoring
  serial: 1
  become: true
  tasks:
    - name: Folder
      directory: {path: /etc/${name}}
    - name: First
      file: {path: /etc/${name}/first, content: "first\\n"}
      notify: Told
    - name: Held
      command:
        run: touch /run/${name}-held; while [ ! -e /run/${name}-go ]; do sleep 0.1; done; touch /etc/${name}/held
        creates: /etc/${name}/held
    - name: Last
      file: {path: /etc/${name}/last, content: "last\\n"}
  handlers:
    - name: Told
      command: {run: echo told >>/etc/${name}/told}
`;

describe.skipIf(reason)(`the program and its hosts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const at = scenario('t-commands', { hosts: 2 });

  /** Writes a playbook; its path for the command line. */
  function playbook(name: string, text: string): string {
    mkdirSync(join(at.folder, 'playbooks'), { recursive: true });
    writeFileSync(join(at.folder, 'playbooks', name), text);
    return `playbooks/${name}`;
  }
  const apply = (file: string, ...more: readonly string[]) => ['apply', 'inventory', '--playbook', file, ...more];
  const made = (host: string, name: string) => at.on(host, `ls -A /etc/${name} 2>/dev/null | tr '\\n' ' '`);

  const note = () =>
    playbook(
      'note.yml',
      '- {hosts: monitoring, become: true, tasks: [{file: {path: /etc/note, content: "{{ by }}"}}]}\n',
    );

  it.each([
    ['root', 'root, with no sudo', {}],
    ['deploy', 'a user with passwordless sudo', {}],
    ['careful', 'a user whose sudo asks, with the password', { HADEPLOY_BECOME_PASSWORD: 'careful-password' }],
  ])('%s deploys: %s', async (user, _who, environment) => {
    const args = apply(note(), '--yes', '-e', `ansible_user=${user}`, '-e', `by=${user}`);
    const run = await at.start(args, environment).ended;
    expect(ending(run)).toEqual(well);
    expect(run.stdout).toContain('Done: 2 changes were made');
    for (const host of servers)
      expect(await at.on(host, "cat /etc/note; stat -c ' %U' /etc/note")).toBe(`${user} root`);
  });

  it('a user whose sudo asks is told so when no password was given, and nothing is touched', async () => {
    const before = await snapshot(at, servers);
    const args = apply(note(), '--yes', '-e', 'ansible_user=careful', '-e', 'by=nobody');
    const { code, stderr } = await at.hadeploy(...args);
    expect(code).toBe(1);
    expect(stderr.match(/error sudo-password-needed/g)).toHaveLength(2);
    expect(stderr).toContain('No host was touched.');
    expect(differences(before, await snapshot(at, servers))).toEqual([]);
  });

  it('Ctrl-C lets the step at hand finish, says what state each host is in, and the next run does the rest', async () => {
    const file = playbook('slow.yml', slow('slow'));
    const run = at.start(apply(file, '--yes'));
    await eventually(() => at.on('mon-a', 'test -e /run/slow-held'), 120);
    const conversations = "journalctl --sync; journalctl -q -o cat _COMM=sudo | grep -c 'session closed' || :";
    const before = Number(await at.on('mon-a', conversations));
    run.signal('SIGINT');
    await run.says('Stopping after the step at hand');
    // The word to stop is a conversation beside the one with the step; the step may end once it has arrived.
    await eventually(async () => expect(Number(await at.on('mon-a', conversations))).toBeGreaterThan(before));
    await Promise.all(servers.map((host) => at.on(host, 'touch /run/slow-go')));
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('error interrupted  The run was interrupted on mon-a.');
    expect(stderr).toMatch(
      /state +Done on mon-a: directory:\/etc\/slow, file:\/etc\/slow\/first, command:touch .*\. Not begun: file:\/etc\/slow\/last, command:echo told .*\. Not touched: mon-b\./,
    );
    expect(stderr).not.toContain('    at ');
    expect([await made('mon-a', 'slow'), await made('mon-b', 'slow')]).toEqual(['first held', '']);

    const rest = await at.hadeploy(...apply(file, '--yes', '--json'));
    expect(rest.code).toBe(0);
    expect(inShort(planOf(rest)['mon-a'])).toEqual([
      'file:/etc/slow/last absent: content, mode, owner',
      'command:echo told >>/etc/slow/told notified in a run that did not come to its end: ',
    ]);
    for (const host of servers) expect(await made(host, 'slow')).toBe('first held last told');
  });

  it('a host that is cut off midway fails the run, which says what is known, and the next run does the rest', async () => {
    const file = playbook('cut.yml', slow('cut'));
    const run = at.start(apply(file, '--yes'));
    await eventually(() => at.on('mon-a', 'test -e /run/cut-held'), 120);
    await at.lab.partition('mon-a');
    const { code, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('error connection-lost  The connection to mon-a was lost.');
    expect(stderr).toMatch(
      /state +Done on mon-a: directory:\/etc\/cut, file:\/etc\/cut\/first\. Not known, may be done by now: command:touch .*, file:\/etc\/cut\/last, command:echo told .*\. Not touched: mon-b\./,
    );
    expect(await made('mon-a', 'cut')).toBe('first');
    await Promise.all(servers.map((host) => at.on(host, 'touch /run/cut-go')));
    await at.lab.heal('mon-a');
    await quiet(at, 'mon-a');

    const rest = await at.hadeploy(...apply(file, '--yes'));
    expect(rest.code).toBe(0);
    for (const host of servers) expect(await made(host, 'cut')).toBe('first held last told');
    expect(await at.on('mon-b', 'cat /etc/cut/told')).toBe('told');
  });

  it('a saved plan is carried out exactly, or not at all once a host has moved, and holds no secret; what is changed after is told as drift', async () => {
    const secret = '-e token=sentinel-of-a-plan'.split(' ');
    const tasks = '[{file: {path: /etc/saved, content: "{{ token }}"}}, {file: {path: /etc/by-hand, content: "a\\n"}}]';
    const file = playbook('saved.yml', `- {hosts: monitoring, become: true, tasks: ${tasks}}\n`);
    await Promise.all(servers.map((host) => at.on(host, "printf 'a\\n' >/etc/by-hand")));
    const planned = await at.hadeploy('plan', 'inventory', '--playbook', file, ...secret, '--out', 'site.plan');
    expect(ending(planned)).toEqual(well);
    const saved = readFileSync(join(at.folder, 'site.plan'), 'utf8');
    expect(saved).not.toContain('sentinel');
    expect(saved).not.toContain(Buffer.from('sentinel-of-a-plan').toString('base64'));

    await at.on('mon-b', 'chmod 0600 /etc/by-hand');
    const before = await snapshot(at, servers);
    const refused = await at.hadeploy('apply', 'site.plan', ...secret);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/error plan-moved {2}file:\/etc\/by-hand is not as it was .*\n.*on mon-b/);
    expect(refused.stderr).toContain('mode: was "0644", planned "0644", found "0600"');
    expect(refused.stderr).not.toContain('file:/etc/saved');
    expect((await at.hadeploy('apply', 'site.plan')).stderr).toContain('error other-extra-vars');
    expect(differences(before, await snapshot(at, servers))).toEqual([]);

    await at.on('mon-b', 'chmod 0644 /etc/by-hand');
    const done = await at.hadeploy('apply', 'site.plan', ...secret);
    expect(ending(done)).toEqual(well);
    expect(done.stdout).toContain(planned.stdout.slice(0, planned.stdout.indexOf('Saved')).trim());
    for (const host of servers) expect(await at.on(host, 'cat /etc/saved')).toBe('sentinel-of-a-plan');

    const quiet = await at.hadeploy('drift', 'inventory', '--detailed-exitcode');
    expect(quiet.code).toBe(0);
    expect(quiet.stdout).toMatch(/^No drift: \d+ resources on 2 hosts are as they were last applied\.$/m);
    await at.on('mon-a', 'chmod 0600 /etc/by-hand; rm /etc/saved');
    const drifted = await at.hadeploy('drift', 'inventory', '--detailed-exitcode');
    expect(drifted.code).toBe(2);
    expect(drifted.stdout).toMatch(/mode: was 0644, is 0600 now\n {2}file:\/etc\/saved is gone/);
    expect(drifted.stdout).toMatch(/^Drift: 2 of \d+ resources on 2 hosts are not as they were last applied\.$/m);
  });

  it('what is no longer declared is removed, as the plan shows; what others made stays', async () => {
    const play = (tasks: string) => `- hosts: monitoring\n  become: true\n  tasks:\n${tasks}`;
    const kept = '    - file: {path: /etc/extra-kept, content: "kept\\n"}\n';
    const gone = `    - file: {path: /etc/extra-gone, content: "gone\\n"}
    - iptables_chain: {chain: EXTRA, jump_from: DOCKER-USER, rules: ["-j RETURN"]}
    - compose:
        project: extra
        path: /opt/extra
        compose:
          content: |
            services: {push: {image: "prom/pushgateway:v1.11.0"}}
`;
    const before = await at.hadeploy(...apply(playbook('extra.yml', play(kept + gone)), '--yes'));
    expect(ending(before)).toEqual(well);
    await at.on('mon-a', 'echo mine >/opt/extra/mine; echo mine >/etc/extra-mine');
    const there = `docker ps -aq --filter label=com.docker.compose.project=extra | wc -l; iptables-save | grep -c EXTRA; ls -d /etc/extra-* /opt/extra/* /etc/note`;
    expect(await at.on('mon-a', there)).toMatch(/^1\n3\n/);

    const file = playbook('extra.yml', play(kept));
    const dry = await at.hadeploy(...apply(file, '--dry-run', '--json'));
    const real = await at.hadeploy(...apply(file, '--yes', '--json'));
    expect(ending(real)).toEqual(well);
    expect(planOf(real)).toEqual(planOf(dry));
    for (const host of servers) {
      expect(planOf(real)[host]!.map(({ action, id }) => [action, id])).toEqual([
        ['delete', 'compose:extra'],
        ['delete', 'iptables_chain:EXTRA'],
        ['delete', 'file:/etc/extra-gone'],
      ]);
    }
    expect(await at.on('mon-a', there.replace('grep -c EXTRA', '(grep -c EXTRA || :)'))).toBe(
      '0\n0\n/etc/extra-kept\n/etc/extra-mine\n/etc/note\n/opt/extra/mine',
    );
    const again = await at.hadeploy(...apply(file, '--yes'));
    expect(again.stdout).toMatch(/^Nothing to change: /);
  });
});

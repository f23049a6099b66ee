import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forgetUdp, udpPorts } from '../../../../src/resources/iptables/udp.ts';

describe('UDP ports that rules name', () => {
  it.each([
    ['-s 10.0.0.2/32 -p udp -m udp --dport 9094 -j RETURN\n-p tcp -m tcp --dport 80 -j DROP\n', [9094]],
    ['-p udp -m multiport --dports 5,7:9 -j DROP\n-p udp -m conntrack --ctorigdstport 7 -j DROP\n', [5, 7, 8, 9]],
    ['-p udp -m udp --sport 53 -j RETURN\n! -p udp -j DROP\n-j DROP\n', []],
    ['-p udp -m udp --dport 1000:2000 -j DROP\n', undefined],
  ])('in %j', (rules, ports) => {
    expect(udpPorts(rules)).toEqual(ports);
  });
});

describe('forgetting UDP flows', () => {
  function run(conntrack: string) {
    const folder = mkdtempSync(join(tmpdir(), 'hadeploy-conntrack-'));
    writeFileSync(join(folder, 'conntrack'), `#!/bin/sh\necho "$@" >>${folder}/asked\n${conntrack}\n`);
    chmodSync(join(folder, 'conntrack'), 0o755);
    const done = spawnSync('sh', ['-c', `PATH=${folder}:$PATH\n${forgetUdp([53, 9094]).text}`], { encoding: 'utf8' });
    return { done, asked: readFileSync(join(folder, 'asked'), 'utf8').split('\n') };
  }

  it('asks for each port, and takes "none there" for done', () => {
    const { done, asked } = run('echo "conntrack v1.4.7: 0 flow entries have been deleted." >&2; exit 1');
    expect(done.status).toBe(0);
    expect(asked).toContain('-D -f ipv4 -p udp --orig-port-dst 53');
    expect(asked).toContain('-D -f ipv4 -p udp --orig-port-dst 9094');
  });

  it('fails with the words of conntrack when it could not look', () => {
    const { done } = run('echo "Operation failed: Operation not permitted" >&2; exit 1');
    expect(done.status).not.toBe(0);
    expect(done.stderr).toContain('not permitted');
  });
});

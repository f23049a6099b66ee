import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Parent } from '../../../../src/resources/iptables/chain-spec.ts';
import { chainFolder, keeperScript, removeChain, restoreText } from '../../../../src/resources/iptables/keeper.ts';
import { unavailable } from './real-iptables.ts';

const reason = unavailable('iptables') ?? unavailable('ip6tables');

/** What `iptables-save` tells after a story told in shell, in a network of its own; `$keep` and `$remove` are ours. */
function tell(story: string, parents: readonly Parent[] = ['DOCKER-USER'], program = 'iptables'): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'hadeploy-chain-'));
  writeFileSync(join(folder, 'MINE.v4'), restoreText('MINE', '-s 10.0.0.2/32 -j RETURN\n-j DROP\n'));
  writeFileSync(join(folder, 'MINE.v6'), restoreText('MINE', '-j DROP\n'));
  writeFileSync(join(folder, 'MINE.sh'), keeperScript('MINE', parents).replaceAll(chainFolder, folder));
  writeFileSync(join(folder, 'remove.sh'), removeChain('MINE').text);
  const script = `set -e\nkeep='sh ${folder}/MINE.sh'; remove='sh ${folder}/remove.sh'\n${story}\n${program}-save -t filter`;
  const told = spawnSync('unshare', ['-n', 'sh', '-c', script], { encoding: 'utf8' });
  if (told.status !== 0) throw new Error(told.stderr);
  return told.stdout.split('\n').filter((line) => /^-A|^:(MINE|DOCKER)/.test(line));
}

const kept = [
  ':DOCKER-USER - [0:0]',
  ':MINE - [0:0]',
  '-A FORWARD -j DOCKER-USER',
  '-A DOCKER-USER -j MINE',
  '-A MINE -s 10.0.0.2/32 -j RETURN',
  '-A MINE -j DROP',
];
const dockerUser = 'iptables -N DOCKER-USER; iptables -A FORWARD -j DOCKER-USER; iptables -A FORWARD -j ACCEPT';

describe.skipIf(reason !== undefined)(`the script that keeps a chain${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('makes chain, DOCKER-USER and both jumps before Docker is there', () => {
    expect(tell('$keep')).toEqual(kept);
  });

  it('does the same in IPv6 with the rules of IPv6', () => {
    const v6 = kept.filter((line) => !line.includes('10.0.0.2'));
    expect(tell('$keep', ['DOCKER-USER'], 'ip6tables')).toEqual(v6);
  });

  it('changes nothing when run again', () => {
    expect(tell('$keep; $keep; $keep')).toEqual(kept);
  });

  it('puts its jumps first, once, and leaves the rules of others in their order', () => {
    const story = `${dockerUser}
iptables -A DOCKER-USER -s 10.9.9.9 -j ACCEPT; iptables -N MINE
iptables -A DOCKER-USER -j MINE; iptables -A DOCKER-USER -j MINE; iptables -I FORWARD -i eth1 -j MINE
iptables -I FORWARD -i eth2 -j ACCEPT
$keep`;
    expect(tell(story)).toEqual([
      ...kept.slice(0, 3),
      '-A FORWARD -i eth2 -j ACCEPT',
      '-A FORWARD -j ACCEPT',
      '-A DOCKER-USER -j MINE',
      '-A DOCKER-USER -s 10.9.9.9/32 -j ACCEPT',
      ...kept.slice(4),
    ]);
  });

  it('empties a chain of what others put into it', () => {
    expect(tell('$keep; iptables -I MINE -j ACCEPT; $keep')).toEqual(kept);
  });

  it('leaves Docker alone for a chain on INPUT', () => {
    expect(tell('$keep', ['INPUT', 'OUTPUT'])).toEqual([
      ':MINE - [0:0]',
      '-A INPUT -j MINE',
      '-A OUTPUT -j MINE',
      ...kept.slice(4),
    ]);
  });

  it('fails with the words of iptables when its rules are damaged, and leaves the chain whole', () => {
    const story = '$keep; echo "-A MINE -j NOWHERE" >"$(dirname ${keep#sh })/MINE.v4"; ! $keep 2>/dev/null';
    expect(tell(story)).toEqual(kept);
  });

  it('is taken away with every jump to it and the DOCKER-USER that only it used', () => {
    expect(tell('$keep; iptables -I FORWARD -i eth1 -j MINE; $remove')).toEqual([]);
  });

  it('is taken away without touching a DOCKER-USER that Docker made', () => {
    expect(tell(`${dockerUser}; iptables -N DOCKER; $keep; $remove`)).toEqual([
      ':DOCKER - [0:0]',
      ':DOCKER-USER - [0:0]',
      '-A FORWARD -j DOCKER-USER',
      '-A FORWARD -j ACCEPT',
    ]);
  });

  it('is taken away twice without complaint', () => {
    expect(tell('$keep; $remove; $remove')).toEqual([]);
  });
});

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { look, readLook } from '../../../../src/resources/iptables/look.ts';
import { unavailable, whole } from './real-iptables.ts';

const reason = unavailable('iptables') ?? unavailable('ip6tables');
const lacks = (program: string) => spawnSync(program, ['--help']).error !== undefined;
const question = whole(look({ chain: 'MINE' }));

/** The answer to our question in a network of its own, after a story told in shell; `after` is asked when we looked. */
function answer(story: string, after = ':', shell: readonly string[] = ['sh']) {
  const script = `${story}\n${shell.join(' ')} -s <<'QUESTION'\n${question}\nQUESTION\necho "code $?"\n${after}`;
  const told = spawnSync('unshare', ['-n', 'sh', '-c', script], { encoding: 'utf8' });
  expect(told.stderr).toBe('');
  return told.stdout;
}

describe.skipIf(reason !== undefined)(`the look at a chain${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('makes no table and loads none where there was none', () => {
    const told = answer(':', 'echo left; iptables-nft-save; ip6tables-nft-save; cat /proc/net/ip_tables_names');
    expect(told).toContain('code 0\nleft\n');
    expect(told.endsWith('left\n')).toBe(true);
  });

  for (const shell of [['dash'], ['bash'], ['busybox', 'sh']]) {
    const missing = lacks(shell[0]!) ? ', skipped: not installed' : '';
    it.skipIf(missing !== '')(`reads chain, jumps and what stands around them (${shell[0]}${missing})`, () => {
      const story = `for t in iptables ip6tables; do
$t -N MINE; $t -N DOCKER-USER; $t -N OTHER
$t -A MINE -m comment --comment "two words" -j DROP
$t -A FORWARD -j DOCKER-USER; $t -A DOCKER-USER -j MINE; $t -A INPUT -i eth1 -j MINE; $t -A INPUT -j OTHER
done`;
      const seen = readLook(answer(story, ':', shell));
      const rules = [
        { chain: 'INPUT', text: '-i eth1 -j MINE' },
        { chain: 'FORWARD', text: '-j DOCKER-USER' },
        { chain: 'DOCKER-USER', text: '-j MINE' },
        { chain: 'MINE', text: '-m comment --comment "two words" -j DROP' },
      ];
      expect(seen.v4.rules).toEqual(expect.arrayContaining(rules));
      expect(seen.v4.rules).toHaveLength(rules.length);
      expect(seen.v6?.rules).toHaveLength(rules.length);
      expect([...seen.v4.chains]).toEqual(expect.arrayContaining(['MINE', 'DOCKER-USER']));
      expect(seen.variant).toBe('nf_tables');
      expect(seen.rival).toBe(false);
    });
  }

  it('sees that both variants of iptables have a DOCKER-USER', () => {
    const seen = readLook(answer('iptables-nft -N DOCKER-USER; iptables-legacy -N DOCKER-USER'));
    expect(seen.rival).toBe(true);
  });

  it.skipIf(lacks('nft'))(
    `sees a table that only nft can read${lacks('nft') ? ' (skipped: nft is not installed)' : ''}`,
    () => {
      const story = `nft 'add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; }'
nft 'add rule ip filter FORWARD ct state vmap { established : accept }'`;
      const seen = readLook(answer(story));
      expect(seen.v4.foreign).toBe(true);
    },
  );
});

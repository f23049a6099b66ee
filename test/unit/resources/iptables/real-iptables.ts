import { spawnSync } from 'node:child_process';
import { looksOf, type Script } from '../../../../src/posix/script.ts';
import type { Family } from '../../../../src/resources/iptables/address.ts';

/** Why the real iptables cannot be asked here, or undefined when it can. */
export function unavailable(program: string): string | undefined {
  const tried = spawnSync('unshare', ['-n', `${program}-restore`, '--version'], { encoding: 'utf8' });
  if (tried.error || tried.status !== 0)
    return `${program} in its own network namespace needs root, unshare and iptables`;
  return undefined;
}

/** What `iptables -S CHAIN` prints once these rules are in a chain of a network namespace of its own. */
export function printedBy(program: string, chain: string, rules: readonly string[]): readonly string[] {
  const table = ['*filter', `:${chain} - [0:0]`, ...rules.map((rule) => `-A ${chain} ${rule}`), 'COMMIT', ''].join(
    '\n',
  );
  const script = `"$0-restore" --noflush && "$0" -S "$1"`;
  const asked = spawnSync('unshare', ['-n', 'sh', '-c', script, program, chain], { input: table, encoding: 'utf8' });
  if (asked.status !== 0) {
    const line = Number(/line:? (\d+)/.exec(asked.stderr)?.[1]);
    throw new Error(`${program} refused: ${asked.stderr}${table.split('\n')[line - 1] ?? ''}`);
  }
  return asked.stdout.split('\n').filter((line) => line.startsWith('-A '));
}

/** The builds of iptables that may be here, by family. */
export const programs: Readonly<Record<Family, readonly string[]>> = {
  4: ['iptables-nft', 'iptables-legacy'],
  6: ['ip6tables-nft', 'ip6tables-legacy'],
};

/** A look as a shell is given it by itself: what it goes by comes before it. */
export function whole(script: Script): string {
  return [...looksOf([script]).map(({ about, ask }) => `{\n${ask(about).text}\n} 2>/dev/null`), script.text].join('\n');
}

import { type Script, sh } from '../../posix/script.ts';
import type { Parent } from './chain-spec.ts';

/** The folder on a host where the saved chains are. */
export const chainFolder = '/etc/hadeploy/chains';

const unitFolder = '/etc/systemd/system';

/** Where a host keeps what puts chains back that nobody has confirmed; a reboot clears it. */
export const undoFolder = '/run/hadeploy';

/** The script that is to put a chain back; while it runs it is called `….running`. Its second line names its unit. */
export function undoPath(chain: string): string {
  return `${undoFolder}/undo-${chain}.sh`;
}

/** Where everything that belongs to a chain is kept on its host. */
export function chainPaths(chain: string) {
  const name = `hadeploy-chain-${chain}`;
  return {
    rules: `${chainFolder}/${chain}.v4`,
    rules6: `${chainFolder}/${chain}.v6`,
    script: `${chainFolder}/${chain}.sh`,
    bootUnit: `${unitFolder}/${name}.service`,
    dockerUnit: `${unitFolder}/${name}-docker.service`,
  };
}

/** One unit as it should be: its file, and the links that enable it. */
export interface ChainUnit {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly links: readonly string[];
}

/** A chain as `iptables-restore --noflush` takes it: the chain is emptied and filled in one transaction, others stay. */
export function restoreText(chain: string, rules: string): string {
  const appended = rules.split('\n').flatMap((rule) => (rule === '' ? [] : [`-A ${chain} ${rule}\n`]));
  return `*filter\n:${chain} - [0:0]\n${appended.join('')}COMMIT\n`;
}

/**
 * The script that puts a chain and its jumps in place from the saved rules: at boot, after a start of Docker, and
 * when hadeploy applies. It needs only sh, sed, grep and iptables.
 */
export function keeperScript(chain: string, parents: readonly Parent[]): string {
  const { rules, rules6 } = chainPaths(chain);
  const docker = parents.includes('DOCKER-USER');
  const moved = [`-e 's/^-A \\(.* -[jg] ${chain}\\)$/-D \\1/p'`];
  if (docker) moved.push(`-e 's/^-A \\(FORWARD -j DOCKER-USER\\)$/-D \\1/p'`);
  const inserted = [
    ...(docker ? ['-I FORWARD 1 -j DOCKER-USER'] : []),
    ...parents.map((parent) => `-I ${parent} 1 -j ${chain}`),
  ];
  return `#!/bin/sh
# Written by hadeploy, which overwrites changes. Puts the chain ${chain} and its jumps in place, IPv4 and IPv6.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C

# place PROGRAM RULES: the chain whole in one transaction, then the jumps in another, as the first rules.
place() {
  [ -r "$2" ] || { echo "$2 cannot be read" >&2; return 1; }
  table=$("$1-save" -t filter) || return
  {
    cat "$2"
    echo '*filter'
${docker ? `    printf '%s\\n' "$table" | grep -q '^:DOCKER-USER ' || echo ':DOCKER-USER - [0:0]'\n` : ''}\
    printf '%s\\n' "$table" | sed -n ${moved.join(' ')}
    printf '%s\\n' ${inserted.map((line) => `'${line}'`).join(' ')} COMMIT
  } | "$1-restore" --noflush -w 5
}

# Docker may be at work on the same table: what vanishes between reading and writing is read again.
keep() {
  place "$@" || { sleep 1; place "$@"; } || { sleep 2; place "$@"; }
}

keep iptables ${rules} || exit
[ ! -e /proc/net/if_inet6 ] || keep ip6tables ${rules6}
`;
}

/** The units that keep a chain: one before network and Docker at boot, one after each start of Docker. */
export function chainUnits(chain: string, parents: readonly Parent[]): readonly ChainUnit[] {
  const paths = chainPaths(chain);
  const docker = parents.includes('DOCKER-USER');
  const wanted = docker ? ['multi-user.target', 'docker.service'] : ['multi-user.target'];
  const boot = `Description=Packet filter chain ${chain}, at boot
DefaultDependencies=no
Conflicts=shutdown.target
Wants=network-pre.target
Before=network-pre.target shutdown.target${docker ? ' docker.service' : ''}
After=local-fs.target nftables.service netfilter-persistent.service ufw.service firewalld.service`;
  const after = `Description=Packet filter chain ${chain}, after a start of Docker
After=docker.service
PartOf=docker.service`;
  return [
    unit(paths.bootUnit, boot, paths.script, wanted),
    ...(docker ? [unit(paths.dockerUnit, after, paths.script, wanted)] : []),
  ];
}

function unit(path: string, section: string, script: string, wantedBy: readonly string[]): ChainUnit {
  const name = path.slice(unitFolder.length + 1);
  const text = `# Written by hadeploy, which overwrites changes.
[Unit]
${section}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${script}

[Install]
WantedBy=${wantedBy.join(' ')}
`;
  return { name, path, text, links: wantedBy.map((target) => `${unitFolder}/${target}.wants/${name}`) };
}

/** All links that may enable a unit of the chain, whichever parents it has or had. */
export function possibleLinks(chain: string): readonly string[] {
  return chainUnits(chain, ['DOCKER-USER']).flatMap((one) => one.links);
}

/** Takes the chain and every jump to it out of both families, and a DOCKER-USER that Docker does not use itself. */
export function removeChain(chain: string, programs: readonly string[] = ['iptables', 'ip6tables']): Script {
  const isChain = `^:${chain} `;
  const jumps = `s/^-A \\(.* -[jg] ${chain}\\)$/-D \\1/p`;
  return sh`export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
take_away() {
  table=$("$1-save" -t filter) || return
  printf '%s\n' "$table" | grep -q ${isChain} || return 0
  {
    echo '*filter'
    printf '%s\n' "$table" | sed -n ${jumps}
    printf '%s\n' ${`-F ${chain}`} ${`-X ${chain}`} COMMIT
  } | "$1-restore" --noflush -w 5 || return
  table=$("$1-save" -t filter) || return
  printf '%s\n' "$table" | grep -Eq '^:DOCKER |^-A DOCKER-USER ' && return
  printf '%s\n' "$table" | grep -q '^:DOCKER-USER ' || return 0
  {
    echo '*filter'
    printf '%s\n' "$table" | sed -n 's/^-A \(.* -j DOCKER-USER\)$/-D \1/p'
    printf '%s\n' '-X DOCKER-USER' COMMIT
  } | "$1-restore" --noflush -w 5
}
command -v iptables-save >/dev/null || exit 0
for program in ${programs}; do
  [ "$program" = iptables ] || [ -e /proc/net/if_inet6 ] || continue
  take_away "$program" || exit
done`;
}

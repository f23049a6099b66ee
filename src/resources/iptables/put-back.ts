import { lines, print, type Script, sh } from '../../posix/script.ts';
import type { ChainSpec } from './chain-spec.ts';
import { parentsOf } from './chain-spec.ts';
import { rulesIn } from './former.ts';
import { chainFolder, chainPaths, possibleLinks, removeChain, restoreText } from './keeper.ts';
import type { SeenHost, SeenTable } from './look.ts';
import { forgetUdp } from './udp.ts';

/**
 * The script with which a host by itself makes a chain what a look saw there, however far a change of it has come: rules
 * and jumps of both families, saved files, units, and the links that enable them.
 */
export function putBack(spec: ChainSpec, seen: SeenHost, udp: readonly number[]): Script {
  const { chain } = spec;
  const tables = [
    ['iptables', seen.v4],
    ['ip6tables', seen.v6],
  ] as const;
  const live = tables.flatMap(([program, table]) => (table ? [placeBack(spec, program, table)] : []));
  const links = possibleLinks(chain);
  return sh`export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
bad=
put() { cat >"$1.back" && chmod 0644 -- "$1.back" && mv -f -- "$1.back" "$1" || bad=1; }
link() { mkdir -p -- "\${2%/*}" && ln -sfn -- "$1" "$2" || bad=1; }
mkdir -p -- ${chainFolder}
${lines(Object.values(chainPaths(chain)).map((path) => file(path, seen.files.get(path))))}
${lines(links.map((path) => (seen.links.has(path) ? sh`link ${unitOf(path)} ${path}` : sh`rm -f -- ${path}`)))}
rmdir -- ${chainFolder} 2>/dev/null
systemctl --quiet daemon-reload || bad=1
place() {
  table=$("$1-save" -t filter) || return
  {
    printf %s "$2"
    echo '*filter'
    case $3 in *'-I DOCKER-USER '*) printf '%s\n' "$table" | grep -q '^:DOCKER-USER ' || echo ':DOCKER-USER - [0:0]' ;; esac
    printf '%s\n' "$table" | sed -n ${`s/^-A \\(.* -[jg] ${chain}\\)$/-D \\1/p`}
    printf %s "$3"
    echo COMMIT
  } | "$1-restore" --noflush -w 5
}
keep() {
  place "$1" "$2" "$3" || { sleep 1; place "$1" "$2" "$3"; } || { sleep 2; place "$1" "$2" "$4"; } || bad=1
}
${lines(live)}
${udp.length > 0 ? sh`( ${forgetUdp(udp)} ) || bad=1` : sh`:`}
[ -z "$bad" ]`;
}

function file(path: string, text: string | undefined): Script {
  return text === undefined ? sh`rm -f -- ${path}` : sh`${print(text)} | put ${path}`;
}

function unitOf(link: string): string {
  return `/etc/systemd/system/${link.slice(link.lastIndexOf('/') + 1)}`;
}

function placeBack(spec: ChainSpec, program: string, table: SeenTable): Script {
  const { chain } = spec;
  const rules = rulesIn(table, chain);
  if (rules === undefined) return sh`( ${removeChain(chain, [program])} ) || bad=1`;
  const looked: readonly string[] = ['FORWARD', ...parentsOf(spec)];
  const counts = new Map<string, number>();
  const jumps = table.rules.flatMap(({ chain: from, text }) => {
    const place = (counts.get(from) ?? 0) + 1;
    counts.set(from, place);
    if (/ -[jg] (\S+)$/.exec(` ${text}`)?.[1] !== chain) return [];
    return [{ from, text, place }];
  });
  // Of chains that were not looked at as a whole, the places of their rules are not known.
  const exact = jumps.map(({ from, text, place }) =>
    looked.includes(from) ? `-I ${from} ${place} ${text}\n` : `-A ${from} ${text}\n`,
  );
  const first = [...jumps].reverse().map(({ from, text }) => `-I ${from} 1 ${text}\n`);
  const all = restoreText(chain, rules.map((rule) => `${rule}\n`).join(''));
  return sh`keep ${program} ${all} ${exact.join('')} ${first.join('')}`;
}

import { lineByLine, looking, type Script, sh } from '../../posix/script.ts';
import { type ChainSpec, parentsOf } from './chain-spec.ts';
import { chainFolder, chainPaths, possibleLinks, undoPath } from './keeper.ts';

/** One rule of another chain or of ours, as `iptables -S` prints it. */
export interface SeenRule {
  readonly chain: string;
  readonly text: string;
}

/** The table filter of one family, as far as it concerns a chain. */
export interface SeenTable {
  readonly chains: ReadonlySet<string>;
  readonly rules: readonly SeenRule[];
  /** Holds what only nft can read. */
  readonly foreign: boolean;
}

/** How hadeploy came to a host, as that host sees it. */
export interface Came {
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  /** Of sshd. */
  readonly port: number;
  /** The interface by which the host answers the client. */
  readonly input: string | undefined;
}

/** What one look at a host tells about a chain. */
export interface SeenHost {
  /** Undefined where iptables is not installed. */
  readonly variant: 'nf_tables' | 'legacy' | undefined;
  readonly v4: SeenTable;
  /** Undefined where IPv6 is switched off in the kernel. */
  readonly v6: SeenTable | undefined;
  /** The saved files by path; absent ones are missing. */
  readonly files: ReadonlyMap<string, string>;
  readonly links: ReadonlySet<string>;
  /** Chains that hadeploy keeps on this host. */
  readonly kept: readonly string[];
  readonly systemd: boolean;
  readonly conntrack: boolean;
  /** Undefined where the host does not tell, or where no rule is for what comes to it. */
  readonly came?: Came | undefined;
  /** What earlier runs armed to put the chain back, unless it is confirmed: the name of its unit. */
  readonly armed: string | undefined;
  /** The other variant of iptables has a DOCKER-USER as well. */
  readonly rival: boolean;
  /** What is odd about Docker: it writes nftables rules itself, or runs without its chains. */
  readonly docker: 'nftables' | 'chainless' | undefined;
}

/**
 * A read-only look; Docker's own client, which is slow, is asked only where Docker runs without its chains. The tables
 * and the saved files are read once for all chains.
 */
export function look(spec: ChainSpec): Script {
  const { chain } = spec;
  const parents = [...new Set([chain, ...parentsOf(spec), 'FORWARD'])];
  const jumps = [` -j ${chain}`, ` -g ${chain}`];
  const wanted = [
    ...parents.map((one) => sh`${`-A ${one} `}*`),
    ...jumps.flatMap((jump) => [sh`*${jump}`, sh`*${`${jump} `}*`]),
  ].reduce((all, one) => sh`${all} | ${one}`, sh`:*`);
  const paths = Object.values(chainPaths(chain));
  return sh`${tables}${filesAt(paths)}PATH=$PATH:/usr/sbin:/sbin LC_ALL=C; export PATH LC_ALL
table() {
  [ "$2" = 0 ] || { printf '%s: %s\n' "$3" "$4" >&2; exit 1; }
  ${lineByLine(sh`inside=
  for one in $4; do
    case $one in '*filter') inside=yes ;; *"filter' is incompatible"*) printf '%s %s\n' "$1" "$one" ;; esac
    [ -z "$inside" ] || case $one in COMMIT*) inside= ;; ${wanted}) printf '%s %s\n' "$1" "$one" ;; esac
  done`)}
}
docker=
[ ! -e /proc/net/if_inet6 ] || echo ipv6
if command -v iptables >/dev/null; then
  printf 'variant %s\n' "$variant"
  table v4 "$save4" iptables-save "$saved4"
  case $saved4 in *"
:DOCKER "*) docker=seen ;; esac
  [ ! -e /proc/net/if_inet6 ] || table v6 "$save6" ip6tables-save "$saved6"
  case $variant in
    *legacy*) rival=iptables-nft-save ;;
    *) rival=iptables-legacy-save; grep -qs filter /proc/net/ip_tables_names || rival= ;;
  esac
  [ -z "$rival" ] || ! "$rival" 2>/dev/null | grep -q '^:DOCKER-USER ' || echo rival
fi
${lineByLine(sh`for path in ${paths}; do
  for one in $chainFiles; do case $one in "$path:"*) printf 'file %s\n' "$one" ;; esac; done
done`)}
for link in ${[...possibleLinks(chain)]}; do [ ! -L "$link" ] || printf 'link %s\n' "$link"; done
for kept in ${chainFolder}/*.v4; do [ ! -e "$kept" ] || printf 'kept %s\n' "$kept"; done
[ ! -d /run/systemd/system ] || echo systemd
for undo in ${[undoPath(chain), `${undoPath(chain)}.running`]}; do
  [ ! -e "$undo" ] || sed -n 's/^# unit /armed /p' "$undo" 2>/dev/null
done
! command -v conntrack >/dev/null || echo conntrack
${parentsOf(spec).includes('INPUT') ? cameIn : sh`:`}
${parentsOf(spec).includes('DOCKER-USER') ? dockerBackend : sh`:`}`;
}

// iptables-save without a table reads only tables that exist, so it loads no module and makes no table. What it says
// otherwise than in tables is told beside them: that a table can be read by nft alone.
const tables = looking({
  name: 'tables',
  about: [],
  ask: () => sh`save4= save6=
reading='PATH=$PATH:/usr/sbin:/sbin LC_ALL=C; export PATH LC_ALL; command -v iptables >/dev/null || exit 127'
variant=$(eval "$reading"; iptables --version 2>&1)
saved4=$(eval "$reading"; iptables-save 2>&1); save4=$?
[ ! -e /proc/net/if_inet6 ] || { saved6=$(eval "$reading"; ip6tables-save 2>&1); save6=$?; }`,
});

function filesAt(paths: readonly string[]): Script {
  const ask = (about: readonly string[]) => sh`chainFiles=$(grep '' /dev/null ${about})`;
  return looking({ name: 'chainFiles', about: paths, ask });
}

// sudo takes the variable away; the login's own processes, which are our parents, still have it.
const cameIn = sh`came=\${SSH_CONNECTION-} pid=$$
while [ -z "$came" ] && [ "\${pid:-0}" -gt 1 ]; do
  came=$(tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" | sed -n 's/^SSH_CONNECTION=//p')
  pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null)
done
[ -z "$came" ] || printf 'came %s %s\n' "$came" "$(ip -o route get "\${came%%[% ]*}" 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p')"`;

// A Docker without its own chains either lost them, was told to make none, or writes nftables rules itself.
const dockerBackend = sh`if grep -Eqs '"firewall-backend" *: *"nftables"' /etc/docker/daemon.json; then
  echo docker-nftables
elif [ -z "$docker" ] && [ -r /run/docker.pid ] && kill -0 "$(cat /run/docker.pid)" 2>/dev/null; then
  echo docker-chainless
  ! timeout 20 docker info --format '{{json .FirewallBackend}}' 2>&1 | grep -q nftables || echo docker-nftables
fi`;

/** Reads the answer of a look. */
export function readLook(stdout: string): SeenHost {
  const tables = { v4: newTable(), v6: newTable() };
  const files = new Map<string, string>();
  const words = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const [, word = '', rest = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    if (word === 'v4' || word === 'v6') readTableLine(tables[word], rest);
    else if (word === 'file') readFileLine(files, rest);
    else words.set(word, [...(words.get(word) ?? []), rest]);
  }
  const [variant] = words.get('variant') ?? [];
  return {
    variant: variant === undefined ? undefined : variant.includes('legacy') ? 'legacy' : 'nf_tables',
    v4: tables.v4,
    v6: words.has('ipv6') ? tables.v6 : undefined,
    files,
    links: new Set(words.get('link')),
    kept: (words.get('kept') ?? []).map((path) => path.slice(chainFolder.length + 1, -'.v4'.length)),
    systemd: words.has('systemd'),
    came: cameOf(words.get('came')?.[0]),
    armed: words.get('armed')?.[0],
    conntrack: words.has('conntrack'),
    rival: words.has('rival'),
    docker: words.has('docker-nftables') ? 'nftables' : words.has('docker-chainless') ? 'chainless' : undefined,
  };
}

/** `CLIENT PORT SERVER PORT INTERFACE`; an address of one link has its interface behind a `%`. */
function cameOf(line = ''): Came | undefined {
  const [client = '', clientPort, server = '', port, input] = line.split(' ');
  if (port === undefined) return undefined;
  const [address, zone] = client.split('%');
  return {
    client: address!,
    clientPort: Number(clientPort),
    server: server.split('%')[0]!,
    port: Number(port),
    input: zone ?? (input || undefined),
  };
}

interface TableDraft {
  readonly chains: Set<string>;
  readonly rules: SeenRule[];
  foreign: boolean;
}

function newTable(): TableDraft {
  return { chains: new Set(), rules: [], foreign: false };
}

function readTableLine(table: TableDraft, line: string): void {
  const [, chain] = /^:(\S+)/.exec(line) ?? [];
  const [, from, text] = /^-A (\S+) (.*)$/.exec(line) ?? [];
  if (chain !== undefined) table.chains.add(chain);
  else if (from !== undefined && text !== undefined) table.rules.push({ chain: from, text });
  else table.foreign = true;
}

function readFileLine(files: Map<string, string>, line: string): void {
  const colon = line.indexOf(':');
  const path = line.slice(0, colon);
  files.set(path, `${files.get(path) ?? ''}${line.slice(colon + 1)}\n`);
}

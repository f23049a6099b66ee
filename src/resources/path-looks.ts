import { lineByLine, lines, looking, type Script, type SharedLook, sh } from '../posix/script.ts';

/** How a path shall be. */
export interface WantedPath {
  readonly path: string;
  readonly type: 'file' | 'directory';
  /** Four octal digits. */
  readonly mode: string;
  /** `user:group`, each a name or a number. */
  readonly owner: string;
  /** The digest of its bytes, of a file. */
  readonly sha?: string;
}

/**
 * A condition that is true when all these paths, symlinks followed, are as they shall be. It starts no process: one
 * `stat` and one `sha256sum` look before at all that a conversation asks about. Where it is not sure, of an odd name,
 * say, it is false.
 */
export function areAsWanted(paths: readonly WantedPath[]): Script {
  const stands = paths.map(standing);
  const digests = paths.flatMap(({ path, sha }) => (sha === undefined ? [] : [{ path, sha }]));
  const statted = statsOf(paths.map(({ path }) => path));
  if (digests.length === 0) return sh`${statted}stand ${stands}`;
  const summed = sumsOf(digests.map(({ path }) => path));
  return sh`${statted}${summed}{ stand ${stands} && hold ${digests.map(({ path, sha }) => `${sha}  ${path}`)}; }`;
}

/** What `stand` is asked about a path as it shall be. */
export function standing({ path, type, mode, owner }: WantedPath): string {
  const bits = (type === 'file' ? 0o100000 : 0o040000) | Number.parseInt(mode, 8);
  return `${path}|${bits.toString(16)}|${owner}|`;
}

/** Leaves `$inodes` behind: those of the folders that are there, each after a newline. */
export function inodesOf(folders: readonly string[]): Script {
  if (folders.length === 0) return sh`inodes=`;
  return sh`${statsOf(folders)}inodes=
${lineByLine(sh`for folder in ${folders}; do
  for one in $stats; do case $one in "$folder|"*) inodes="$inodes
\${one##*|}"; break ;; esac; done
done`)}`;
}

/** Brings along `stand`, which tells whether all of some paths are as `standing` has it. */
export function statsOf(paths: readonly string[]): Script {
  return looking(stats(paths));
}

function stats(about: readonly string[]): SharedLook {
  return { name: 'stats', about, ask: askStats };
}

const forms = ['%U:%G', '%u:%g', '%U:%g', '%u:%G'].map((owner) => `%n|%f|${owner}|%i`);

// Each path in the four forms that an owner may be wanted in; before and after each line stands a newline.
function askStats(about: readonly string[]): Script {
  return sh`stats="
$(LC_ALL=C stat -L -c ${forms.join('\n')} -- ${about})
"
stand() { for one; do case $stats in *"
$one"*) ;; *) return 1 ;; esac; done; }`;
}

/** Brings along `hold`, which tells whether all of some files have these digests: `DIGEST  PATH`. */
export function sumsOf(paths: readonly string[]): Script {
  return paths.length === 0 ? lines([]) : looking(sums(paths));
}

function sums(about: readonly string[]): SharedLook {
  return { name: 'sums', about, ask: askSums };
}

/** Brings along both, about one file. */
export function statAndSumOf(path: string): Script {
  const about = [path];
  return looking(stats(about), sums(about));
}

// A FIFO would be read for ever.
function askSums(about: readonly string[]): Script {
  return sh`set --
for one in ${about}; do [ ! -f "$one" ] || set -- "$@" "$one"; done
sums=
[ $# = 0 ] || sums="
$(LC_ALL=C sha256sum -- "$@")
"
hold() { for one; do case $sums in *"
$one
"*) ;; *) return 1 ;; esac; done; }`;
}

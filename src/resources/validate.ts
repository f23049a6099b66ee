import { basename } from 'node:path/posix';
import { print, type Script, sh } from '../posix/script.ts';

/** The user's validate command with `%s` as the first argument, as the `write` step wants it. */
export function validateCommand(validate: string): Script {
  // Through eval, so that a fault of syntax stays in this command and does not break the script around it.
  return sh`eval ${validate.replaceAll('%s', '"$1"')}`;
}

/** The program a validate command runs, past assignments like `LC_ALL=C`; undefined when it is not plain to see. */
export function validateProgram(validate: string | undefined): string | undefined {
  const word = validate
    ?.trim()
    .split(/\s+/)
    .find((one) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(one));
  return word !== undefined && /^[A-Za-z0-9_/.+-]+$/.test(word) ? word : undefined;
}

/**
 * Proves new bytes by their program in a folder that only root may read and that is gone afterwards, in memory where
 * the host has such a place. The copy has the name of the file, since programs look at endings.
 */
export function checkScript(path: string, content: string | Uint8Array, validate: string): Script {
  return sh`umask 077
for base in /dev/shm /run /tmp; do [ -d "$base" ] && [ -w "$base" ] && break; done
dir=$(mktemp -d "$base/hadeploy.XXXXXX") || exit
trap 'rm -rf -- "$dir"' EXIT
trap 'exit 143' HUP INT TERM
set -- "$dir"/${basename(path)}
${print(content)} >"$1" || exit
( ${validateCommand(validate)} )`;
}

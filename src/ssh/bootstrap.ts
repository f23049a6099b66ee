import { type Script, sh } from '../posix/script.ts';

/** How a script is made to run: over a login shell of any kind, as the login user or as root through sudo. */
export type Become = 'no' | 'silent' | 'with-password';

/**
 * The line for sshd. No login shell takes offence at it: no quote but `'`, no `!`, no backslash, no newline. `staying` is
 * the script where it is one that goes on reading stdin: then its own lines are taken from there and no more.
 */
export function commandLine(become: Become, mark: string, staying?: Script): Script {
  const boot = bootText(mark, staying);
  if (become === 'no') return sh`exec /bin/sh -c ${boot}`;
  // sudo and PAM speak English then, and PAM's prompt is replaced by ours; the encoding stays the host's.
  const sudo = sh`exec env LC_MESSAGES=C sudo -H`;
  if (become === 'silent') return sh`${sudo} -n -- /bin/sh -c ${boot}`;
  return sh`${sudo} -S -p ${promptText(mark)} -- /bin/sh -c ${boot}`;
}

/** The question sudo asks for the password, which nothing else can ask. */
export function promptText(mark: string): string {
  return `${mark}.password:`;
}

/** Before the words `pid pgrp ppid` on stderr, and before the script's own output on both streams. */
export function startToken(mark: string): string {
  return `${mark}.start `;
}

/** Before the exit code, after the script's own output on both streams. */
export function endToken(mark: string): string {
  return `${mark}.end `;
}

/** The script as it is sent on stdin; the last line proves that it came whole. */
export function onStdin(script: Script, mark: string): string {
  return `${script.text}\n#${mark}.whole`;
}

/**
 * What /bin/sh does with it. The script is read to its end first: a line that the network cut in two never runs, and a
 * command that reads stdin finds it empty. The end is marked, so a child that keeps the output open holds up nobody.
 */
function bootText(mark: string, staying: Script | undefined): string {
  const take = staying === undefined ? 'cat' : `head -n ${onStdin(staying, mark).split('\n').length}`;
  return [
    'read -r hd_a hd_a hd_a hd_a hd_g hd_a </proc/$$/stat',
    `echo "${startToken(mark)}"`,
    `echo "${startToken(mark)}$$ $hd_g $PPID" >&2`,
    `hd_s=$(${take})`,
    `case $hd_s in *"#${mark}.whole") (eval "$hd_s"); hd_c=$?;; *) hd_c=97;; esac`,
    `echo "${endToken(mark)}$hd_c"`,
    `echo "${endToken(mark)}$hd_c" >&2`,
    'exit $hd_c',
  ].join('; ');
}

/** What to kill to end a script: its process group, or the shell alone where the group is not surely its own. */
export function killTarget(payload: string): string | undefined {
  const [pid, group, parent] = payload.trim().split(' ').map(Number);
  if (!pid || pid < 2) return undefined;
  return group && group > 1 && (group === pid || group === parent) ? `-${group}` : String(pid);
}

/** Ends a process or a group (`-123`): politely, and after 2 s for certain. No `--`: busybox takes that for a process. */
export function killScript(target: string): Script {
  return sh`kill -TERM ${target} 2>/dev/null
n=0; while [ $n -lt 20 ] && kill -0 ${target} 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
kill -KILL ${target} 2>/dev/null
:`;
}

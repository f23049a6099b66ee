import { basename, dirname } from 'node:path/posix';
import { print, type Script, sh, trusted } from '../posix/script.ts';
import type { Step } from '../resources/step.ts';

/** A step that is done on the host by a script; the controller sees to the others. */
export type HostStep = Exclude<Step, { readonly do: 'await' | 'confirm' }>;

/** The POSIX script that does one step. It fails with a sentence on stderr and never leaves a half-written file. */
export function stepScript(step: HostStep): Script {
  switch (step.do) {
    case 'run':
      return step.script;
    case 'write':
      return writeScript(step);
    case 'remove':
      return step.recursive ? sh`rm -rf -- ${step.path}` : sh`rm -f -- ${step.path}`;
  }
}

// The temporary file stands in the same folder, so that the rename is atomic; one that a killed run left is removed
// first. `sync FILE` is newer than some busybox builds, so its failure falls back to syncing everything.
function writeScript(step: Extract<Step, { readonly do: 'write' }>): Script {
  const folder = dirname(step.path);
  const stem = `.${basename(step.path)}.hadeploy-`;
  const validate = step.validate
    ? sh`( set -- "$t"; ${step.validate} ) || { echo 'the new bytes were refused, the file is as it was' >&2; exit 1; }`
    : sh`:`;
  return sh`cd -- ${folder} || exit 1
[ ! -d ${step.path} ] || { printf '%s is a directory\n' ${step.path} >&2; exit 1; }
rm -f -- ./${stem}*
t=$(mktemp ./${`${stem}XXXXXX`}) || exit 1
t=$PWD/\${t#./}
trap 'rm -f -- "$t"' EXIT
trap 'exit 143' HUP INT TERM
${print(step.content)} > "$t" && chown -- ${step.owner} "$t" && chmod -- ${step.mode} "$t" || { ${tellFull}; exit 1; }
${validate}
{ sync -- "$t" 2>/dev/null || sync; } && mv -f -- "$t" ${step.path} && { sync -- ${folder} 2>/dev/null || sync; }`;
}

// Not every shell says why its printf failed.
const tellFull = sh`df -Pk . 2>/dev/null | awk 'NR == 2 && $4 < 64 { print "no space left on " $6 }'`;

/** How a running conversation of steps is told apart from everything else on its stdout. */
export interface StepsEvent {
  /** Process id of the shell that runs the steps: SIGTERM makes it stop after the step at hand. */
  readonly pid?: number;
  /** A step ended with this code; `output` is what it printed. */
  readonly ended?: { readonly code: number; readonly output: string };
  /** The host refuses to begin a further step. */
  readonly refused?: true;
}

/** What the host itself sees to around the steps. */
export interface Watch {
  /** Before all steps, in their shell, whose descriptor 8 is closed to the steps themselves. No step begins when it fails. */
  readonly open: Script;
  /** Before each step, which does not begin when it fails. */
  readonly before: Script;
  /** After each step, whose code is in `$hadeploy_rc`. */
  after(index: number): Script;
}

const unwatched: Watch = { open: sh`:`, before: sh`:`, after: () => sh`:` };

/**
 * Many steps as one script: each prints nothing until it has ended, then its output and `<mark> <code>`; the first
 * failure, or SIGTERM, ends the script after the step at hand. Since the outer shell gathers the output, a step never
 * writes to a connection that is gone, and finishes.
 */
export function stepsScript(steps: readonly HostStep[], mark: string, watch: Watch = unwatched): Script {
  const refuse = sh`{ printf '%s refused\n' ${mark}; exit 0; }`;
  const body = steps.map(
    (step, index) => sh`{ ${watch.before}; } || ${refuse}
hadeploy_out=$( (
${stepScript(step)}
) </dev/null 2>&1 8<&- ); hadeploy_rc=$?
${watch.after(index)}
printf '%s\n%s %s\n' "$hadeploy_out" ${mark} "$hadeploy_rc"
[ "$hadeploy_rc" -eq 0 ] && [ -z "$hadeploy_stop" ] || exit 0`,
  );
  return trusted(
    [
      '{',
      'hadeploy_stop=',
      `trap 'hadeploy_stop=1' HUP INT TERM`,
      // Not `$$`, which in a subshell is the id of the shell around it.
      sh`printf '%s pid %s\n' ${mark} "$(exec sh -c 'echo "$PPID"')"`.text,
      sh`{ ${watch.open}; } || ${refuse}`.text,
      ...body.map((one) => one.text),
      '}',
    ].join('\n'),
  );
}

/** Reads the stdout of `stepsScript` line by line; noise before its first line is passed over. */
export function stepsReader(mark: string, onEvent: (event: StepsEvent) => void): (line: string) => void {
  let started = false;
  let output: string[] = [];
  return (line) => {
    const word = line.startsWith(`${mark} `) ? line.slice(mark.length + 1) : '';
    if (/^pid \d+$/.test(word)) {
      started = true;
      onEvent({ pid: Number(word.slice(4)) });
    } else if (word === 'refused') {
      onEvent({ refused: true });
    } else if (/^\d+$/.test(word)) {
      onEvent({ ended: { code: Number(word), output: output.join('\n') } });
      output = [];
    } else if (started) {
      output.push(line);
    }
  };
}

import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { visible } from '../diagnostics/visible.ts';
import { type Answer, frame, unframe } from '../posix/frame.ts';
import { Script } from '../posix/script.ts';
import type { Connection, ExecResult } from './ports.ts';

/** Seconds that one read-only conversation may take; a hanging docker answers its probes with failures before that. */
const readTimeoutS = 120;

/**
 * One conversation that asks many read-only questions; as many answers as scripts, or a Refusal for the host. Scripts
 * that say the same run once, whatever they go by.
 */
export function ask(
  connection: Connection,
  host: string,
  scripts: readonly Script[],
  options: AskOptions,
): Promise<readonly Answer[]> {
  if (scripts.length === 0) return Promise.resolve([]);
  const { once, places } = withoutRepeats(scripts);
  // While a host is waited for, of all its scripts only the text that was sent is kept.
  return converse(connection, host, frame(once, options.mark), once.length, options).then((answers) =>
    places.map((place) => answers[place]!),
  );
}

interface AskOptions {
  readonly become: boolean;
  readonly mark: string;
  readonly timeoutS?: number;
}

/** Each text once, with the looks of all that say it, and at which place the answer to each script will be. */
function withoutRepeats(scripts: readonly Script[]): {
  readonly once: readonly Script[];
  readonly places: readonly number[];
} {
  const once: Script[] = [];
  const known = new Map<string, number>();
  const places = scripts.map((script) => {
    const place = known.get(script.text);
    if (place === undefined) {
      known.set(script.text, once.length);
      return once.push(script) - 1;
    }
    if (script.looks.length > 0) once[place] = Script.of(script.text, [...once[place]!.looks, ...script.looks]);
    return place;
  });
  return { once, places };
}

async function converse(
  connection: Connection,
  host: string,
  framed: Script,
  count: number,
  options: AskOptions,
): Promise<readonly Answer[]> {
  const timeoutS = options.timeoutS ?? readTimeoutS;
  const answered = await connection.exec(framed, { become: options.become, timeoutS });
  const answers = unframe(answered.stdout, answered.stderr, options.mark, count);
  if (answered.lost === undefined && answers !== undefined) return answers;
  // What probes print may be secret; what a login shell says before them is what there is to tell.
  const talk = {
    ...answered,
    stdout: before(answered.stdout, options.mark),
    stderr: before(answered.stderr, options.mark),
  };
  throw new Refusal([answered.lost ? lostFault(host, talk, timeoutS) : garbledFault(host, talk)]);
}

function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}

/** Why a conversation did not come to its end. */
export function lostFault(host: string, answered: ExecResult, timeoutS: number): Diagnostic {
  const common = { severity: 'error', host, ...quoted(answered.stderr) } as const;
  switch (answered.lost) {
    case 'timeout':
      return {
        ...common,
        code: 'host-timeout',
        what: `${host} did not answer within ${timeoutS} s.`,
        why: 'A program on the host hangs; what hadeploy had started there was ended.',
        mend: 'Log in and look for a hanging docker or apt, then run the same command again.',
      };
    case 'output-limit':
      return {
        ...common,
        code: 'output-limit',
        what: `${host} sent more output than hadeploy takes.`,
        why: 'A command or a shell start-up file on the host prints without end.',
        mend: 'Make the command quiet (redirect its output to a file), then run the same command again.',
      };
    default:
      return {
        ...common,
        code: 'connection-lost',
        what: `The connection to ${host} was lost.`,
        why: 'The host, its sshd or the network between went away; what runs on the host goes on until the host notices.',
        mend: 'See that the host is up, then run the same command again: finished work is not repeated.',
      };
  }
}

function garbledFault(host: string, answered: ExecResult): Diagnostic {
  return {
    code: 'garbled-answer',
    severity: 'error',
    host,
    what: `${host} did not answer as a POSIX shell does (exit code ${answered.code}).`,
    why: 'The login shell, a shell start-up file or a forced command stands between sshd and /bin/sh.',
    mend: 'Make `ssh HOST /bin/sh` work for this user without other output.',
    ...quoted(answered.stderr || answered.stdout),
  };
}

/** The last lines of remote output, fit for a terminal; an empty object for none. */
export function quoted(output: string): { readonly output?: string } {
  const lines = visible(output.trim())
    .split('\n')
    .slice(-20)
    .map((line) => line.slice(0, 300));
  return lines.join('') === '' ? {} : { output: lines.join('\n') };
}

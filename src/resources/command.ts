import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { lines, print, type Script, sh } from '../posix/script.ts';
import { type Fault, faultOf, isFault, unreadable } from './fault.ts';
import type { Kind } from './kind.ts';
import * as access from './owner-mode.ts';

const runSchema = {
  type: 'string',
  pattern: '\\S',
  description: 'What to run, for a POSIX shell; it stops at the first line that fails.',
  examples: ['sysctl --system'],
} as const;

const schema = {
  anyOf: [
    runSchema,
    {
      type: 'object',
      additionalProperties: false,
      required: ['run'],
      properties: {
        run: runSchema,
        creates: {
          ...access.pathSchema,
          description: 'It runs only while nothing stands at this path.',
          examples: ['/etc/ssl/dhparam.pem'],
        },
        unless: {
          type: 'string',
          description: 'It runs only while this read-only command fails. Asked on every run, also while planning.',
          examples: ['timedatectl show -p NTP | grep -q yes'],
        },
        onlyif: {
          type: 'string',
          description: 'It runs only while this read-only command succeeds. Asked on every run, also while planning.',
          examples: ['swapon --show | grep -q .'],
        },
        chdir: { ...access.pathSchema, description: 'Folder in which everything runs.', examples: ['/opt/stack'] },
        timeout: {
          type: 'integer',
          minimum: 1,
          description: 'Seconds until it is killed; 300 when not given.',
          examples: [600],
        },
      },
    },
  ],
} as const satisfies JSONSchema;

type CommandSpec = FromSchema<typeof schema>;

/** Whether each guard that was asked says that there is something to do. */
interface CommandSeen {
  readonly creates?: boolean;
  readonly unless?: boolean;
  readonly onlyif?: boolean;
}

/** Seconds a guard may take. */
const guardTimeoutS = 30;

/** A shell command, for what no kind describes: guarded in a task, notified in a handler. */
export const command: Kind<CommandSpec, CommandSeen | Fault> = {
  name: 'command',
  summary: 'A shell command with a guard that tells when it is due; in a handler it needs none.',
  schema,
  delegable: true,

  refuse(spec, as) {
    const { creates, unless, onlyif } = parts(spec);
    if (as === 'handler' || creates !== undefined || unless !== undefined || onlyif !== undefined) return undefined;
    return {
      what: 'The command has no guard.',
      why: 'Without creates, unless or onlyif nobody can tell before a run whether it is due, and it would run every time.',
      mend: 'Guard it with one of these, or make it a handler that tasks notify.',
    };
  },

  id: (spec) => {
    const { run, chdir } = parts(spec);
    return `command:${run.trim()}${chdir === undefined ? '' : ` in ${chdir}`}`;
  },

  probe(spec) {
    const { creates, unless, onlyif, chdir } = parts(spec);
    return lines([
      ...(creates === undefined ? [] : [sh`[ -e ${creates} ] || [ -L ${creates} ] || echo creates`]),
      ...(unless === undefined ? [] : [guard(unless, chdir, sh`0) ;; 124) exit 124 ;; *) echo unless ;;`)]),
      ...(onlyif === undefined ? [] : [guard(onlyif, chdir, sh`0) echo onlyif ;; 124) exit 124 ;;`)]),
      sh`exit 0`,
    ]);
  },

  parse(answer, spec) {
    if (answer.code === 124) return { fault: `It took more than ${guardTimeoutS} seconds.` };
    if (answer.code !== 0) return faultOf(answer);
    const due = answer.stdout.split('\n');
    const { creates, unless, onlyif } = parts(spec);
    return {
      ...(creates === undefined ? {} : { creates: due.includes('creates') }),
      ...(unless === undefined ? {} : { unless: due.includes('unless') }),
      ...(onlyif === undefined ? {} : { onlyif: due.includes('onlyif') }),
    };
  },

  diff(spec, observed, now) {
    if (now.notified !== undefined) return { action: 'run', cause: now.notified, fields: [] };
    if (isFault(observed))
      return unreadable('The guard of the command', observed, 'Make the guard quick and read-only.');
    const { creates } = parts(spec);
    const said = [
      ...(observed?.creates === undefined ? [] : [{ due: observed.creates, cause: `${creates} does not exist` }]),
      ...(observed?.unless === undefined ? [] : [{ due: observed.unless, cause: '`unless` fails' }]),
      ...(observed?.onlyif === undefined ? [] : [{ due: observed.onlyif, cause: '`onlyif` succeeds' }]),
    ];
    if (said.length === 0 || said.some(({ due }) => !due)) return { action: 'none' };
    return { action: 'run', cause: said.map(({ cause }) => cause).join(', '), fields: [] };
  },

  apply(spec) {
    const { run, chdir, timeout } = parts(spec);
    const what = run.trim().split('\n')[0]!;
    // Through eval, so that a fault of syntax stays in this command and does not break the script around it.
    const script = lines([...(chdir === undefined ? [] : [sh`cd -- ${chdir} || exit`]), sh`set -e`, sh`eval ${run}`]);
    return [{ do: 'run', what, script, ...(timeout === undefined ? {} : { timeoutS: timeout }) }];
  },
};

type Parts = Exclude<CommandSpec, string>;

function parts(spec: CommandSpec): Parts {
  return typeof spec === 'string' ? { run: spec } : spec;
}

/** Runs a guard quietly, in time, and away from the script around it; its text stands on no argv and in no environment. */
function guard(text: string, chdir: string | undefined, cases: Script): Script {
  return sh`( cd -- ${chdir ?? '/'} && ${print(text)} | timeout ${guardTimeoutS} sh -c 'guard=$(cat); exec </dev/null; eval "$guard"' ) >/dev/null 2>&1
case $? in ${cases} esac`;
}

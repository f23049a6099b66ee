import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { type Script, sh } from '../posix/script.ts';
import { type Change, isDeed } from './change.ts';
import { compareFields } from './compare.ts';
import { type Fault, faultOf, isFault, unreadable } from './fault.ts';
import type { Circumstances, Kind } from './kind.ts';
import type { Step } from './step.ts';
import { PROPERTIES, unitsNamed } from './units-look.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9:_.@\\\\-]+$',
      description: 'The systemd unit; `.service` may be left out.',
      examples: ['docker', 'apt-daily.timer'],
    },
    state: {
      enum: ['started', 'stopped', 'restarted', 'reloaded'],
      description: 'started and stopped are states for tasks; restarted and reloaded are deeds, for handlers only.',
      examples: ['started'],
    },
    enabled: { type: 'boolean', description: 'Whether it starts at boot.', examples: [true] },
  },
} as const satisfies JSONSchema;

type ServiceSpec = FromSchema<typeof schema>;

interface ServiceSeen {
  /** `started`, `stopped`, or systemd's own word: `failed`, `activating`. */
  readonly state: string;
  /** Whether it starts at boot; a unit without [Install] cannot. */
  readonly enabled: boolean | 'static';
  readonly masked: boolean;
  readonly reloads: boolean;
  /** Its file changed since systemd read it. */
  readonly stale: boolean;
}

type Obstacle = Pick<Extract<Change, { readonly action: 'blocked' }>, 'what' | 'why' | 'mend'>;

/** A systemd unit. A unit file newer than systemd's knowledge is no drift by itself, but is read before any deed. */
export const service: Kind<ServiceSpec, ServiceSeen | Fault> = {
  name: 'service',
  summary: 'A systemd unit: running or not, started at boot or not.',
  schema,

  refuse(spec, as) {
    if (spec.state === undefined && spec.enabled === undefined) {
      const why = 'A service takes a state, or enabled, or both.';
      return { what: `Nothing is said about ${spec.name}.`, why, mend: 'Add `state: started` or `enabled: true`.' };
    }
    if (as === 'handler' || !isDeedState(spec)) return undefined;
    return {
      what: `${spec.state} is no state a task can ask for.`,
      why: 'A task says what should be so; this would be done again on every run.',
      mend: 'Make it a handler and let the tasks that call for it notify it; or ask for started.',
    };
  },

  // The deed of a handler stands beside the state of a task on the same unit.
  id: (spec) => `service:${unit(spec)}${isDeedState(spec) ? ` ${spec.state}` : ''}`,

  probe: (spec) =>
    sh`${unitsNamed([unit(spec)])}showUnit ${unit(spec)} || systemctl show ${PROPERTIES} -- ${unit(spec)}`,

  parse(answer) {
    if (answer.code !== 0) return faultOf(answer);
    const said = new Map(answer.stdout.split('\n').map((line) => line.split('=', 2) as [string, string | undefined]));
    const load = said.get('LoadState');
    if (load === undefined) return { fault: 'systemctl show answered something else' };
    if (load === 'not-found') return undefined;
    const file = said.get('UnitFileState') ?? '';
    return {
      state: stateOf(said.get('ActiveState') ?? ''),
      enabled: file === 'static' ? 'static' : ['enabled', 'alias', 'generated'].includes(file),
      masked: load === 'masked',
      reloads: said.get('CanReload') === 'yes',
      stale: said.get('NeedDaemonReload') === 'yes',
    };
  },

  diff(spec, observed, now) {
    if (isFault(observed))
      return unreadable(`The service ${spec.name}`, observed, 'hadeploy keeps services with systemd only.');
    const obstacle = observed && obstacleTo(spec, observed);
    if (obstacle !== undefined && !now.disturbed) return { action: 'blocked', ...obstacle };
    // What comes before it may bring another unit file, so then the obstacle is told but does not block.
    const change = isDeedState(spec) ? deed(spec, observed, now) : difference(spec, observed, now);
    return obstacle !== undefined && isDeed(change) ? { ...change, notes: [`As it is now: ${obstacle.why}`] } : change;
  },

  apply(spec, change, observed) {
    const due = new Map(change.fields.map(({ field, to }) => [field, to]));
    const name = unit(spec);
    const stale = observed === undefined || isFault(observed) || observed.stale;
    const steps: Step[] = [];
    // A restart is asked for because something changed, which may be the unit's file.
    if (stale || isDeedState(spec)) steps.push(run('systemctl daemon-reload', sh`systemctl daemon-reload`));
    if (due.has('enabled')) {
      const verb = due.get('enabled') === true ? 'enable' : 'disable';
      steps.push(run(`${verb} ${spec.name}`, sh`systemctl ${verb} --quiet -- ${name}`));
    }
    if (due.get('state') === 'started') steps.push(run(`start ${spec.name}`, proven('start', name)));
    if (due.get('state') === 'stopped') steps.push(run(`stop ${spec.name}`, sh`systemctl stop -- ${name}`));
    if (spec.state === 'restarted') steps.push(run(`restart ${spec.name}`, proven('restart', name)));
    if (spec.state === 'reloaded') steps.push(run(`reload ${spec.name}`, proven('reload', name)));
    return steps;
  },

  former(spec, observed) {
    if (isDeedState(spec)) return undefined;
    if (isFault(observed)) return { lost: observed.fault };
    if (observed === undefined) return { spec: { name: spec.name, state: 'stopped', enabled: false } };
    const state = observed.state === 'failed' ? 'stopped' : observed.state;
    if (observed.masked && state === 'started') return { lost: 'it ran although it was masked' };
    // Between two states there is none to go back to.
    if (state !== 'started' && state !== 'stopped') return { lost: `it was ${state}` };
    return { spec: { name: spec.name, state, ...(observed.enabled !== 'static' && { enabled: observed.enabled }) } };
  },
};

function isDeedState(spec: ServiceSpec): boolean {
  return spec.state === 'restarted' || spec.state === 'reloaded';
}

function unit(spec: ServiceSpec): string {
  return /\.(service|socket|timer|target|mount|path|slice|automount|swap|scope|device)$/.test(spec.name)
    ? spec.name
    : `${spec.name}.service`;
}

function stateOf(active: string): string {
  if (['active', 'reloading', 'refreshing'].includes(active)) return 'started';
  return active === 'inactive' ? 'stopped' : active;
}

/** What a handler does when it is notified; its unit may have to be enabled as well. */
function deed({ enabled }: ServiceSpec, seen: ServiceSeen | undefined, now: Circumstances): Change {
  if (now.notified === undefined) return { action: 'none' };
  const rest = compareFields({ enabled }, seen && { enabled: seen.enabled === true });
  return { action: 'run', cause: now.notified, fields: isDeed(rest) ? rest.fields : [] };
}

function difference({ state, enabled }: ServiceSpec, seen: ServiceSeen | undefined, now: Circumstances): Change {
  // A unit that is not there is neither running nor started at boot, unless something brings it before this.
  const nothingWanted = state !== 'started' && enabled !== true;
  if (seen === undefined && nothingWanted && !now.disturbed) return { action: 'none' };
  const fields = seen && {
    state: state === 'stopped' && seen.state === 'failed' ? 'stopped' : seen.state,
    enabled: seen.enabled === 'static' ? false : seen.enabled,
  };
  return compareFields({ state, enabled }, fields);
}

/** Why the unit as it is cannot come to what is wanted. */
function obstacleTo(spec: ServiceSpec, seen: ServiceSeen): Obstacle | undefined {
  const what = `The service ${spec.name} cannot be ${spec.state === 'started' ? 'started' : (spec.state ?? 'enabled')}.`;
  if (seen.masked && (spec.enabled === true || (spec.state !== undefined && spec.state !== 'stopped'))) {
    const mend = `Run \`systemctl unmask ${unit(spec)}\` on the host, if it was masked by mistake.`;
    return { what, why: 'It is masked.', mend };
  }
  if (spec.enabled === true && seen.enabled === 'static') {
    const why = 'Its unit has no [Install] section, so it cannot be enabled.';
    return { what: `The service ${spec.name} cannot be enabled.`, why, mend: 'Drop `enabled: true`.' };
  }
  if (spec.state === 'reloaded' && !seen.reloads) {
    return { what, why: 'Its unit has no reload.', mend: 'Use `state: restarted`.' };
  }
  return undefined;
}

function run(what: string, script: Script): Step {
  return { do: 'run', what, script };
}

/**
 * Does it and looks again a second later, since a plain service counts as running from its first moment (one that tells
 * when it is ready does not); fails with the unit's last words. A oneshot that has ended well is fine, except where it was
 * to be started and stay.
 */
function proven(verb: 'start' | 'restart' | 'reload', name: string): Script {
  const running = sh`'0 active '* | '0 reloading '*`;
  const fine = verb === 'restart' ? sh`${running} | '0 inactive oneshot'` : running;
  const deed =
    verb === 'reload'
      ? sh`if systemctl is-active --quiet -- ${name}; then systemctl reload -- ${name}; else systemctl start -- ${name}; fi`
      : sh`systemctl ${verb} -- ${name}`;
  const settled = verb === 'reload' ? sh`sleep 1` : sh`{ [ "$type" = notify ] || sleep 1; }`;
  return sh`type=$(systemctl show -p Type --value -- ${name})
${deed} && ${settled}
rc=$?
state=$(systemctl is-active -- ${name})
case "$rc $state $type" in
${fine}) exit 0 ;;
esac
{ printf '%s is %s after its %s\n' ${name} "$state" ${verb}
journalctl -u ${name} -n 20 --no-pager -o cat; } >&2
exit 1`;
}

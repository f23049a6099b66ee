import { visible, visibleLine } from '../diagnostics/visible.ts';
import type { Change, Deed, FieldChange, Shown } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import { label } from './label.ts';
import type { Item } from './plan.ts';
import { type PlanPaint, plainPlan } from './plan-text.ts';
import { textDiff } from './text-diff.ts';

/** What was last applied to one host, with what would bring it back; no items where nothing is known to have been. */
export interface HostDrift {
  readonly host: string;
  readonly items: readonly Item[];
}

/** The things that are not as they were last applied. */
export function drifted({ items }: HostDrift): readonly Item[] {
  return items.filter(({ change }) => change.action !== 'none');
}

/** Drift as text: for each host the things that differ, in the order of their ids, with what was applied and what is. */
export function driftText(
  hosts: readonly HostDrift[],
  kinds: ReadonlyMap<string, AnyKind>,
  options: { readonly diffs: boolean },
  paint: PlanPaint = plainPlan,
): string {
  const differing = hosts.filter((one) => drifted(one).length > 0);
  const parts = differing.map((one) => {
    const lines = drifted(one).flatMap((item) => itemLines(item, kinds, options.diffs, paint));
    return [paint.heading(visibleLine(one.host)), ...lines].join('\n');
  });
  return [...parts, paint.heading(closing(hosts))].join('\n\n');
}

function closing(hosts: readonly HostDrift[]): string {
  const known = hosts.filter(({ items }) => items.length > 0);
  const all = known.reduce((sum, { items }) => sum + items.length, 0);
  const off = known.reduce((sum, one) => sum + drifted(one).length, 0);
  const on = `${counted(all, 'resource')} on ${counted(known.length, 'host')}`;
  if (off === 0) return `No drift: ${on} ${all === 1 ? 'is as it was' : 'are as they were'} last applied.`;
  return `Drift: ${off} of ${on} ${off === 1 ? 'is not as it was' : 'are not as they were'} last applied.`;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function itemLines(
  { resource, change }: Item,
  kinds: ReadonlyMap<string, AnyKind>,
  diffs: boolean,
  paint: PlanPaint,
): readonly string[] {
  const what = verdict(change);
  const tone = what === 'gone' || what === 'back' ? paint.delete : paint.update;
  const name = visibleLine(resource.task.name);
  const lines = [
    `  ${tone(`${label(resource)} ${words[what]}`)}${name === resource.id ? '' : paint.faint(`  ${name}`)}`,
  ];
  if (change.action === 'blocked') lines.push(`      ${visible(change.what)} ${visible(change.why)}`);
  if (what === 'due' && !resource.noLog) lines.push(`      ${visible((change as Deed).cause)}`);
  if (what !== 'changed') return lines;
  const kind = kinds.get(resource.kind)!;
  for (const field of (change as Deed).fields) {
    lines.push(...fieldLines(field, resource.noLog, kind.tells?.(field.field) === 'deed', diffs, paint));
  }
  // Other notes tell what an apply would mean.
  const isDeed = (change as Deed).fields.some(({ field }) => kind.tells?.(field) === 'deed');
  const notes = resource.noLog || !isDeed ? [] : ((change as Deed).notes ?? []);
  return [...lines, ...notes.map((note) => `      ${paint.faint(`note: ${visible(note)}`)}`)];
}

/** How a thing differs, in one word. */
type Verdict = 'gone' | 'back' | 'changed' | 'due' | 'replaced';

const words: Readonly<Record<Verdict, string>> = {
  gone: 'is gone',
  back: 'is there again, and was removed',
  changed: 'was changed',
  due: 'is due again',
  replaced: 'is something else now',
};

function verdict({ action }: Change): Verdict {
  if (action === 'create') return 'gone';
  if (action === 'delete') return 'back';
  if (action === 'blocked') return 'replaced';
  return action === 'update' ? 'changed' : 'due';
}

function fieldLines(
  { field, from, to }: FieldChange,
  hidden: boolean,
  isDeed: boolean,
  diffs: boolean,
  paint: PlanPaint,
): readonly string[] {
  const label = `      ${visible(field)}:`;
  if (hidden) return [`${label} ${paint.faint('(hidden by no_log)')}`];
  if (isDeed) return [`${label} is ${shown(from)} now, an apply would have it ${shown(to)}`];
  if (!isText(from) && !isText(to)) return [`${label} was ${shown(to)}, is ${shown(from)} now`];
  if (from === undefined || to === undefined)
    return [`${label} ${from === undefined ? 'is absent now' : 'was absent'}`];
  const { added, removed, lines } = textDiff(String(to), String(from));
  const summary = `${label} ${[added && `+${added}`, removed && `-${removed}`].filter(Boolean).join(' ')} lines since`;
  return diffs ? [summary, ...lines.map((line) => `        ${line}`)] : [summary];
}

function isText(value: Shown): boolean {
  return typeof value === 'string' && value.includes('\n');
}

function shown(value: Shown): string {
  return value === undefined ? 'absent' : visible(String(value));
}

/** Drift as a value for `--json`. The number of `format` rises when a field changes its meaning or goes. */
export function driftJson(hosts: readonly HostDrift[]): unknown {
  return {
    format: 1,
    drift: hosts.reduce((sum, one) => sum + drifted(one).length, 0),
    hosts: Object.fromEntries(
      hosts.map((one) => [one.host, { resources: one.items.length, drift: drifted(one).map(itemJson) }]),
    ),
  };
}

function itemJson({ resource, change }: Item): unknown {
  const { id, kind, task, noLog } = resource;
  const deed = change as Partial<Deed>;
  return {
    id: noLog ? label(resource) : id,
    kind,
    task: task.name,
    playbook: task.at.file,
    is: verdict(change),
    ...(change.action === 'blocked' && { why: `${change.what} ${change.why}` }),
    ...(deed.cause !== undefined && !noLog && { cause: deed.cause }),
    fields: (deed.fields ?? []).map(({ field, from, to }) => ({
      field,
      ...(noLog ? { hidden: true } : { applied: to ?? null, found: from ?? null }),
    })),
  };
}

import { visible, visibleLine } from '../diagnostics/visible.ts';
import { type Deed, type FieldChange, isDeed, type Shown } from '../resources/change.ts';
import type { Proved } from '../resources/member.ts';
import type { Resource } from '../resources/resource.ts';
import { type Counts, countChanges } from './counts.ts';
import { causeOf, label, titleOf } from './label.ts';
import { busyBatches, comesLast, type Item, membersOn, type Plan, type PlannedPlay } from './plan.ts';
import { textDiff } from './text-diff.ts';

/** How the parts of a plan are emphasised; a pipe gets them as they are. */
export interface PlanPaint {
  heading(text: string): string;
  create(text: string): string;
  update(text: string): string;
  delete(text: string): string;
  faint(text: string): string;
}

const same = (text: string): string => text;
export const plainPlan: PlanPaint = { heading: same, create: same, update: same, delete: same, faint: same };

const signs = { create: '+', update: '~', delete: '-', run: '!', await: '?' } as const;

/**
 * The plan as text, the same for the same input: a heading per play, its batches in order, each change with its cause
 * and fields, the counts at the end. `diffs` adds the unified diffs of texts.
 */
export function planText(plan: Plan, options: { readonly diffs: boolean }, paint: PlanPaint = plainPlan): string {
  const plays = plan.plays.filter((play) => [...play.items.values()].flat().some((item) => isDeed(item.change)));
  const parts = plays.map((play) => playText(play, options.diffs, paint));
  return [...parts, paint.heading(countsText(countChanges(plan)))].join('\n\n');
}

function playText(play: PlannedPlay, diffs: boolean, paint: PlanPaint): string {
  const lines = [paint.heading(`Play "${visibleLine(play.name)}"`)];
  const busy = busyBatches(play);
  for (const [index, batch] of busy.entries()) {
    if (busy.length > 1)
      lines.push(paint.faint(`  batch ${index + 1} of ${busy.length}: ${batch.map(visibleLine).join(', ')}`));
    for (const host of batch) {
      lines.push(`  ${paint.heading(visibleLine(host))}`);
      const members = membersOn(play, host).map((one) => one.moving);
      if (play.atOnce) {
        const cells = [...new Set(members.map(({ cell }) => cell))].map(visibleLine).join(', ');
        lines.push(`    ${paint.faint(`at once, since nothing is there of ${cells}:`)}`);
      }
      const moving = play.moving?.get(host);
      for (const other of moving?.others ?? []) {
        const gates = `${gateNames([...other.proof, ...other.together])}${coverageText(other)}`;
        lines.push(
          `    ${paint.faint(`first ${visibleLine(other.member)} on ${visibleLine(other.host)} must be well: ${gates}`)}`,
        );
      }
      const items = play.items.get(host)!;
      const shown = (some: readonly Item[]) =>
        some.flatMap((item) => (isDeed(item.change) ? itemLines(item, item.change, diffs, paint) : []));
      lines.push(...shown(items.filter((item) => !moving || !comesLast(item))));
      for (const one of members) {
        const gates = gateNames([...one.proof, ...one.together]);
        lines.push(`    ${paint.faint(`then ${visibleLine(one.member)} must be well: ${gates}`)}`);
      }
      if (moving) lines.push(...shown(items.filter(comesLast)));
    }
  }
  return lines.join('\n');
}

/** What gates wait for, each name once, with the rounds of a loop together: `It is ready; Federators see it (a, b)`. */
function gateNames(gates: readonly Resource[]): string {
  const rounds = new Map<string, string[]>();
  for (const { task } of gates) {
    const [, name = task.name, round] = /^(.*) \(([^()]*)\)$/.exec(task.name) ?? [];
    const known = rounds.get(name) ?? [];
    rounds.set(name, round === undefined || known.includes(round) ? known : [...known, round]);
  }
  const texts = [...rounds].map(([name, all]) => (all.length > 0 ? `${name} (${all.join(', ')})` : name));
  return texts.map(visibleLine).join('; ');
}

/** For how long a member must have done its work before another may change. */
function coverageText({ cell, coverage }: Proved): string {
  if (coverage.length === 0) return '';
  const seconds = Math.max(0, ...coverage.map(({ takesS }) => takesS ?? 0));
  const long = seconds > 0 ? `, for ${durationText(seconds)}` : '';
  return `; ${gateNames(coverage)}${long} (--skip-coverage ${visibleLine(cell)} does not wait for that)`;
}

function durationText(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return [minutes > 0 ? `${minutes}m` : '', rest > 0 || minutes === 0 ? `${rest}s` : ''].join('');
}

function itemLines(item: Item, change: Deed, diffs: boolean, paint: PlanPaint): readonly string[] {
  const tone = change.action === 'create' || change.action === 'delete' ? paint[change.action] : paint.update;
  const { delegate } = item.resource;
  const where = delegate === undefined ? '' : `, on ${delegate.hosts.map(visibleLine).join(' or ')}`;
  const lines = [`    ${tone(`${signs[change.action]} ${titleOf(item)}`)}  ${causeOf(item, change)}${where}`];
  if (titleOf(item) !== label(item.resource) && !item.resource.noLog)
    lines.push(`        ${paint.faint(label(item.resource))}`);
  for (const field of change.fields) lines.push(...fieldLines(field, item.resource.noLog, diffs, paint));
  if (item.resource.noLog) return lines;
  for (const note of change.notes ?? []) lines.push(`        ${paint.faint(`note: ${visible(note)}`)}`);
  return lines;
}

function fieldLines(change: FieldChange, hidden: boolean, diffs: boolean, paint: PlanPaint): readonly string[] {
  const label = `        ${visible(change.field)}`;
  if (hidden) return [`${label}: ${paint.faint('(hidden by no_log)')}`];
  if (!isText(change.from) && !isText(change.to)) {
    if (change.from === undefined) return [`${label}: ${shownText(change.to)}`];
    return [`${label}: ${shownText(change.from)} → ${shownText(change.to)}`];
  }
  const { added, removed, lines } = textDiff(String(change.from ?? ''), String(change.to ?? ''));
  const summary = `${label}: ${[added && `+${added}`, removed && `-${removed}`].filter(Boolean).join(' ')} lines`;
  if (!diffs) return [summary];
  return [summary, ...lines.map((line) => `          ${diffTone(line, paint)}`)];
}

function diffTone(line: string, paint: PlanPaint): string {
  if (line.startsWith('+')) return paint.create(line);
  if (line.startsWith('-')) return paint.delete(line);
  return line.startsWith('@') ? paint.faint(line) : line;
}

function isText(value: Shown): boolean {
  return typeof value === 'string' && value.includes('\n');
}

function shownText(value: Shown): string {
  return value === undefined ? 'absent' : visible(String(value));
}

/** The closing sentence of a plan. */
export function countsText(counts: Counts): string {
  const hosts = counts.hosts === 1 ? '1 host' : `${counts.hosts} hosts`;
  if (counts.changes === 0) {
    const resources = counts.unchanged === 1 ? '1 resource' : `${counts.unchanged} resources`;
    return `Nothing to change: ${resources} on ${hosts} ${counts.unchanged === 1 ? 'is as it' : 'are as they'} should be.`;
  }
  const kinds = [
    counts.create && `${counts.create} to create`,
    counts.update && `${counts.update} to update`,
    counts.delete && `${counts.delete} to delete`,
    counts.run && `${counts.run} to run`,
    counts.await && `${counts.await} to wait for`,
  ].filter(Boolean);
  const changes = counts.changes === 1 ? '1 change' : `${counts.changes} changes`;
  return `${changes} on ${hosts}: ${kinds.join(', ')}; ${counts.unchanged} as they should be.`;
}

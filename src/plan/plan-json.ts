import { isDeed } from '../resources/change.ts';
import type { Moving } from '../resources/member.ts';
import type { Resource } from '../resources/resource.ts';
import { countChanges } from './counts.ts';
import { causeOf, label } from './label.ts';
import { type Item, membersOf, type Plan } from './plan.ts';

/** The plan as a value for `--json`. The number of `format` rises when a field changes its meaning or goes. */
export function planJson(plan: Plan): unknown {
  return {
    format: 1,
    counts: countChanges(plan),
    plays: plan.plays.map((play) => ({
      name: play.name,
      batches: play.batches,
      ...(play.moving && { members: [...play.moving.values()].map(memberJson) }),
      ...(play.atOnce && { atOnce: membersOf(play).map(({ moving }) => beginningJson(moving)) }),
      hosts: Object.fromEntries([...play.items].map(([host, items]) => [host, { changes: items.flatMap(itemJson) }])),
    })),
  };
}

function memberJson(moving: Moving): unknown {
  return {
    ...beginningJson(moving),
    others: moving.others.map((other) => ({
      member: other.member,
      host: other.host,
      gates: names([...other.proof, ...other.together]),
      waits: other.coverage.map(({ task, takesS }) => ({ gate: task.name, seconds: takesS ?? 0 })),
    })),
  };
}

/** A member that need not wait for others. */
function beginningJson({ member, cell, host, proof, together }: Moving) {
  return { member, cell, host, gates: names([...proof, ...together]) };
}

function names(gates: readonly Resource[]): readonly string[] {
  return gates.map(({ task }) => task.name);
}

function itemJson(item: Item): readonly unknown[] {
  const { resource, change } = item;
  if (!isDeed(change)) return [];
  return [
    {
      id: resource.noLog ? label(resource) : resource.id,
      kind: resource.kind,
      task: resource.task.name,
      at: `${resource.task.at.file}:${resource.task.at.line}`,
      action: change.action,
      cause: causeOf(item, change),
      ...(resource.delegate && { on: resource.delegate.hosts }),
      fields: change.fields.map(({ field, from, to }) => ({
        field,
        ...(resource.noLog ? { hidden: true } : { from: from ?? null, to: to ?? null }),
      })),
      notes: (!resource.noLog && change.notes) || [],
    },
  ];
}

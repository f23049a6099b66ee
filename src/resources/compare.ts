import type { Change, FieldChange, Shown } from './change.ts';

/** A flat record of what can be compared, field by field; undefined means the resource is absent. */
export type Fields = Readonly<Record<string, Shown>>;

/**
 * The change from observed to desired fields: create when nothing is there, delete when nothing should be, update of
 * the fields that differ, none when all desired fields hold. Observed fields that are not desired are left alone.
 */
export function compareFields(desired: Fields | undefined, observed: Fields | undefined): Change {
  if (desired === undefined && observed === undefined) return { action: 'none' };
  if (desired === undefined) {
    const fields = Object.entries(observed!).map(([field, from]) => ({ field, from, to: undefined }));
    return { action: 'delete', cause: 'no longer wanted', fields };
  }
  const fields: FieldChange[] = Object.entries(desired)
    .filter(([field, to]) => to !== undefined && observed?.[field] !== to)
    .map(([field, to]) => ({ field, from: observed?.[field], to }));
  if (observed === undefined) return { action: 'create', cause: 'absent', fields };
  if (fields.length === 0) return { action: 'none' };
  return { action: 'update', cause: `${fields.map((change) => change.field).join(', ')} differs`, fields };
}

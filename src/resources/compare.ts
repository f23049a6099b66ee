import type { Change, FieldChange, Shown } from './change.ts';

/** A flat record of what can be compared, field by field; undefined means the resource is absent. */
export type Fields = Readonly<Record<string, Shown>>;

const unchanged: Change = { action: 'none' };

/**
 * The change from observed to desired fields: create when nothing is there, delete when nothing should be, update of
 * the fields that differ, none when all desired fields hold. Observed fields that are not desired are left alone.
 */
export function compareFields(desired: Fields | undefined, observed: Fields | undefined): Change {
  if (desired === undefined && observed === undefined) return unchanged;
  if (desired === undefined) {
    const fields = Object.entries(observed!).map(([field, from]) => ({ field, from, to: undefined }));
    return { action: 'delete', cause: 'no longer wanted', fields };
  }
  const fields: FieldChange[] = Object.keys(desired)
    .filter((field) => desired[field] !== undefined && observed?.[field] !== desired[field])
    .map((field) => ({ field, from: observed?.[field], to: desired[field] }));
  if (observed === undefined) return { action: 'create', cause: 'absent', fields };
  if (fields.length === 0) return unchanged;
  return { action: 'update', cause: `${fields.map((change) => change.field).join(', ')} differs`, fields };
}

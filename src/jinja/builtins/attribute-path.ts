import { itemOf } from '../evaluate/access.ts';
import { typeFailure } from '../fault.ts';
import { isInt, typeName, Undefined, type Val } from '../values/values.ts';

/** Reads the part of an item that `attribute=` of a filter names. */
export type Getter = (item: Val) => Val;

/** A getter for `name`, `a.b`, or a position; without an attribute, the item itself. */
export function getter(attribute: Val | undefined, fallback: Val = null): Getter {
  if (attribute === undefined || attribute === null) return (item) => item;
  const path = pathOf(attribute);
  return (item) => {
    const found = path.reduce((base: Val, key): Val => itemOf(base, key, 'item'), item);
    if (!(found instanceof Undefined)) return found;
    if (fallback !== null) return fallback;
    return new Undefined(`An item has no attribute '${path.join('.')}'.`, { ...found.extras, name: path.join('.') });
  };
}

/** A getter for one or several attributes with commas between them. */
export function severalGetter(attribute: Val | undefined): (item: Val) => readonly Val[] {
  const names: readonly (Val | undefined)[] = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const getters = names.map((name) => getter(name));
  return (item) => getters.map((get) => get(item));
}

function pathOf(attribute: Val): (string | number)[] {
  if (isInt(attribute)) return [Number(attribute)];
  if (typeof attribute !== 'string')
    throw typeFailure(`An attribute is named by text, not by a value of type ${typeName(attribute)}.`);
  return attribute.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

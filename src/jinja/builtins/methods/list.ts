import { typeFailure, valueFailure } from '../../fault.ts';
import { compare, equals, itemsOf } from '../../values/compare.ts';
import { isList, isOwnList, type Opaque, ownList, type Tuple, type Val } from '../../values/values.ts';
import { type Bound, functionOf, whole } from '../arguments.ts';

interface Method {
  readonly params: readonly string[];
  readonly run: (self: readonly Val[], args: Bound) => Val;
}

interface Change {
  readonly params: readonly string[];
  readonly run: (self: Val[], args: Bound) => Val | undefined;
}

const READING: Readonly<Record<string, Method>> = {
  count: { params: ['value'], run: (self, [value]) => self.filter((item) => equals(item, value!)).length },
  index: {
    params: ['value', 'start?', 'stop?'],
    run: (self, [value, start, stop]) => {
      const found = self
        .slice(0, whole(stop, self.length))
        .findIndex((item, at) => at >= whole(start, 0) && equals(item, value!));
      if (found === -1) throw valueFailure('The value that index() looks for is not in the list.');
      return found;
    },
  },
};

const COPYING: Readonly<Record<string, Method>> = {
  copy: { params: [], run: (self) => ownList([...self]) },
};

const CHANGING: Readonly<Record<string, Change>> = {
  append: {
    params: ['item'],
    run: (self, [item]) => {
      self.push(item!);
    },
  },
  clear: {
    params: [],
    run: (self) => {
      self.length = 0;
    },
  },
  extend: {
    params: ['items'],
    run: (self, [items]) => {
      self.push(...itemsOf(items!));
    },
  },
  insert: {
    params: ['index', 'item'],
    run: (self, [index, item]) => {
      self.splice(whole(index, 0), 0, item!);
    },
  },
  pop: {
    params: ['index?'],
    run: (self, [index]) => {
      const at = whole(index, -1);
      const [taken] = self.at(at) === undefined ? [] : self.splice(at, 1);
      if (taken === undefined) throw valueFailure('pop() was given a position that the list does not have.');
      return taken;
    },
  },
  remove: {
    params: ['item'],
    run: (self, [item]) => {
      const at = self.findIndex((other) => equals(other, item!));
      if (at === -1) throw valueFailure('The value that remove() looks for is not in the list.');
      self.splice(at, 1);
    },
  },
  reverse: {
    params: [],
    run: (self) => {
      self.reverse();
    },
  },
  sort: {
    params: ['*none', 'reverse?'],
    run: (self, [, reverse]) => {
      self.sort((a, b) => (reverse === true ? compare(b, a) : compare(a, b)));
    },
  },
};

/** A method of a list or tuple by its name, ready to be called. */
export function listMethod(self: readonly Val[] | Tuple, name: string): Opaque | undefined {
  const items = isList(self) ? self : self.items;
  const reading = Object.hasOwn(READING, name) ? READING[name] : undefined;
  if (reading !== undefined) return functionOf(name, reading.params, (args) => reading.run(items, args));
  if (!isList(self)) return undefined;
  const copying = Object.hasOwn(COPYING, name) ? COPYING[name] : undefined;
  if (copying !== undefined) return functionOf(name, copying.params, (args) => copying.run(items, args));
  const changing = Object.hasOwn(CHANGING, name) ? CHANGING[name] : undefined;
  return changing && functionOf(name, changing.params, (args) => changing.run(changeable(self, name), args) ?? null);
}

function changeable(self: readonly Val[], method: string): Val[] {
  if (isOwnList(self)) return self as Val[];
  throw typeFailure(
    `${method}() would change a list that the template did not make.`,
    'Work on a copy: {% set copy = the_list | list %}.',
  );
}

import { typeFailure, valueFailure } from '../../fault.ts';
import { itemsOf } from '../../values/compare.ts';
import { dictGet, dictKeys, dictOf, dictPairs, dictSet, hashKey } from '../../values/dicts.ts';
import { Dict, isDict, type Opaque, orElse, type PlainDict, Tuple, type Val, View } from '../../values/values.ts';
import { type Bound, functionOf } from '../arguments.ts';

interface Method {
  readonly params: readonly string[];
  readonly run: (self: Dict | PlainDict, args: Bound) => Val;
}

interface Change {
  readonly params: readonly string[];
  readonly run: (self: Dict, args: Bound) => Val | undefined;
}

const READING: Readonly<Record<string, Method>> = {
  copy: { params: [], run: (self) => dictOf(dictPairs(self)) },
  get: {
    params: ['key', 'default?'],
    run: (self, [key, fallback]) => orElse(dictGet(self, key!), orElse(fallback, null)),
  },
  items: {
    params: [],
    run: (self) =>
      new View(
        'dict_items',
        dictPairs(self).map((pair) => new Tuple(pair)),
      ),
  },
  keys: { params: [], run: (self) => new View('dict_keys', dictKeys(self)) },
  values: {
    params: [],
    run: (self) =>
      new View(
        'dict_values',
        dictPairs(self).map(([, value]) => value),
      ),
  },
};

const CHANGING: Readonly<Record<string, Change>> = {
  clear: {
    params: [],
    run: (self) => {
      self.slots.clear();
    },
  },
  pop: {
    params: ['key', 'default?'],
    run: (self, [key, fallback]) => {
      const found = dictGet(self, key!);
      if (found === undefined && fallback !== undefined) return fallback;
      if (found === undefined) throw valueFailure('pop() was given a key that the dict does not have.');
      self.slots.delete(hashKey(key!));
      return found;
    },
  },
  popitem: {
    params: [],
    run: (self) => {
      const last = dictPairs(self).at(-1);
      if (last === undefined) throw valueFailure('popitem() was used on an empty dict.');
      self.slots.delete(hashKey(last[0]));
      return new Tuple(last);
    },
  },
  setdefault: {
    params: ['key', 'default?'],
    run: (self, [key, fallback]) => {
      const found = dictGet(self, key!);
      if (found === undefined) dictSet(self, key!, orElse(fallback, null));
      return orElse(found, orElse(fallback, null));
    },
  },
  update: {
    params: ['other?', '**named'],
    run: (self, [other, named]) => {
      for (const [key, value] of [...pairsOf(orElse(other, new Dict())), ...pairsOf(named!)]) dictSet(self, key, value);
    },
  },
};

/** The pairs of a dict, or of a list of pairs. */
export function pairsOf(value: Val): readonly (readonly [Val, Val])[] {
  if (isDict(value)) return dictPairs(value);
  return itemsOf(value).map((item) => {
    const pair = itemsOf(item);
    if (pair.length !== 2) throw valueFailure('A dict is made of pairs of a key and a value.');
    return [pair[0]!, pair[1]!];
  });
}

/** A method of a dict by its name, ready to be called. */
export function dictMethod(self: Dict | PlainDict, name: string): Opaque | undefined {
  const reading = Object.hasOwn(READING, name) ? READING[name] : undefined;
  if (reading !== undefined) return functionOf(name, reading.params, (args) => reading.run(self, args));
  const changing = Object.hasOwn(CHANGING, name) ? CHANGING[name] : undefined;
  return changing && functionOf(name, changing.params, (args) => changing.run(changeable(self, name), args) ?? null);
}

function changeable(self: Dict | PlainDict, method: string): Dict {
  if (self instanceof Dict) return self;
  throw typeFailure(
    `${method}() would change a dict that the template did not make.`,
    'Make a new one: {% set copy = the_dict | combine({…}) %}.',
  );
}

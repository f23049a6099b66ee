import { typeFailure, valueFailure } from '../fault.ts';
import { str } from '../python/python-text.ts';
import { dictOf } from '../values/dicts.ts';
import { MAX_RANGE } from '../values/limits.ts';
import { type Named, Opaque, orElse, Range, Undefined, type Val } from '../values/values.ts';
import { functionOf, text, whole } from './arguments.ts';
import { pairsOf } from './methods/dict.ts';

/** The functions every template has. */
export const GLOBALS: ReadonlyMap<string, Val> = new Map<string, Val>([
  ['range', functionOf('range', ['start', 'stop?', 'step?'], ([start, stop, step]) => range(start!, stop, step))],
  [
    'dict',
    functionOf('dict', ['pairs?', '**named'], ([pairs, named]) =>
      dictOf([...pairsOf(orElse(pairs, [])), ...pairsOf(named!)]),
    ),
  ],
  ['namespace', new Opaque({ type: 'function', name: 'namespace', call: namespace })],
  ['cycler', new Opaque({ type: 'function', name: 'cycler', call: cycler })],
  ['undef', functionOf('undef', ['hint?'], ([hint]) => new Undefined(text(hint, 'This value must be set.')))],
  ['joiner', functionOf('joiner', ['sep?'], ([separator]) => joiner(orElse(separator, ', ')))],
]);

const LOOKUP = 'Put the value into a variable.';

/** Functions that others have and this room refuses, each with what to do instead. */
export const REFUSED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['lookup', LOOKUP],
  ['query', LOOKUP],
  ['q', LOOKUP],
  ['lipsum', 'Write the text out; chance has no place in a template.'],
  ['now', 'Use a variable; a template has no clock, so that it gives the same result at any time.'],
  ['super', 'Templates do not inherit here; use {% include %} or macros.'],
]);

function range(start: Val, stop: Val | undefined, step: Val | undefined): Val {
  const [from, to] = stop === undefined ? [0, whole(start, 0)] : [whole(start, 0), whole(stop, 0)];
  const by = whole(step, 1);
  if (by === 0) throw valueFailure('The step of range() cannot be zero.');
  if ((to - from) / by > MAX_RANGE) throw valueFailure(`range() gives at most ${MAX_RANGE} numbers.`);
  return new Range(from, to, by);
}

/** An object whose attributes can be set from inner scopes. */
function namespace(args: readonly Val[], named: Named): Val {
  const values = new Map<string, Val>();
  for (const [key, value] of args.flatMap(pairsOf)) values.set(str(key), value);
  for (const [key, value] of named) values.set(key, value);
  return new Opaque({
    type: 'namespace',
    name: 'namespace',
    attribute: (name) => values.get(name),
    assign: (name, value) => values.set(name, value),
  });
}

function cycler(items: readonly Val[]): Val {
  if (items.length === 0) throw typeFailure('cycler() needs at least one value.');
  let position = 0;
  const next = functionOf('next', [], () => {
    const current = items[position]!;
    position = (position + 1) % items.length;
    return current;
  });
  const reset = functionOf('reset', [], () => {
    position = 0;
    return null;
  });
  const attribute = (name: string): Val | undefined =>
    name === 'next' ? next : name === 'reset' ? reset : name === 'current' ? items[position] : undefined;
  return new Opaque({ type: 'cycler', name: 'cycler', attribute });
}

/** A function that gives nothing the first time and its separator from then on. */
function joiner(separator: Val): Val {
  let used = false;
  return functionOf('joiner', [], () => {
    const result = used ? separator : '';
    used = true;
    return result;
  });
}

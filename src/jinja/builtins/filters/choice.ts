import { memberOf } from '../../evaluate/access.ts';
import type { Tools } from '../../evaluate/environment.ts';
import { Failure, typeFailure } from '../../fault.ts';
import { equals, isTrue, itemsOf } from '../../values/compare.ts';
import { dictGet, dictPairs } from '../../values/dicts.ts';
import { type Dict, type Named, orElse, ownList, typeName, Undefined, use, type Val } from '../../values/values.ts';
import { type Bound, flag, listItems, text } from '../arguments.ts';
import { getter } from '../attribute-path.ts';
import { filter, lenientFilter, type Operations } from '../builtin.ts';

const fallback = lenientFilter(['default_value?', 'boolean?'], (input, [value, boolean]) => {
  if (input instanceof Undefined) return orElse(value, '');
  use(input);
  return flag(boolean, false) && !isTrue(input) ? orElse(value, '') : input;
});

/** Filters that choose: between values, and among the items of a list. */
export const CHOICE_FILTERS: Operations = {
  attr: filter(['name'], (input, [name]) =>
    orElse(
      memberOf(input, text(name)),
      new Undefined(`The value has no attribute '${text(name)}'.`, { name: text(name) }),
    ),
  ),
  bool: filter([], (input) => toBool(input)),
  d: fallback,
  default: fallback,
  mandatory: lenientFilter(['msg?'], (input, [message]) => {
    if (!(input instanceof Undefined)) return input;
    if (message === undefined || message === null) return use(input);
    throw new Failure('undefined', text(message), input.extras);
  }),
  map: filter(['*args', '**named'], (input, bound, tools) => {
    if (!isTrue(input)) return ownList([]);
    return ownList(itemsOf(input).map(mapper(bound, tools)));
  }),
  reject: chooser(false, false),
  rejectattr: chooser(true, false),
  select: chooser(false, true),
  selectattr: chooser(true, true),
  ternary: lenientFilter(['true_val', 'false_val', 'none_val?'], (input, [whenTrue, whenFalse, whenNone]) => {
    use(input);
    if (input === null && whenNone !== undefined && whenNone !== null) return whenNone;
    return isTrue(input) ? whenTrue! : whenFalse!;
  }),
  type_debug: filter([], (input) => typeName(input)),
};

function toBool(input: Val): Val {
  if (input === null || typeof input === 'boolean') return input;
  if (typeof input === 'string') return ['yes', 'on', '1', 'true'].includes(input.toLowerCase());
  return equals(input, 1);
}

function namedOf(named: Val | undefined): Map<string, Val> {
  return new Map(dictPairs(named as Dict).map(([key, value]) => [key as string, value]));
}

function mapper([args, named]: Bound, tools: Tools): (item: Val) => Val {
  const [name, ...rest] = listItems(args!);
  const names = namedOf(named);
  if (name === undefined) {
    const attribute = dictGet(named as Dict, 'attribute');
    if (attribute === undefined) throw typeFailure("'map' needs the name of a filter, or attribute=….");
    for (const extra of names.keys()) {
      if (extra !== 'attribute' && extra !== 'default')
        throw typeFailure(`'map' has no argument '${extra}' beside attribute.`);
    }
    return getter(attribute, orElse(names.get('default'), null));
  }
  return (item) => tools.filter(text(name), item, rest, names);
}

/** `select`, `reject` and their relatives that look at an attribute. */
function chooser(byAttribute: boolean, keep: boolean) {
  return filter(['*args', '**named'], (input, [args, named], tools) => {
    const given = listItems(args!);
    if (byAttribute && given.length === 0) throw typeFailure('The name of an attribute is needed.');
    if (!isTrue(input)) return ownList([]);
    const get = byAttribute ? getter(given[0]) : getter(undefined);
    const holds = condition(byAttribute ? given.slice(1) : given, namedOf(named), tools);
    return ownList(itemsOf(input).filter((item) => holds(get(item)) === keep));
  });
}

function condition(args: readonly Val[], named: Named, tools: Tools): (value: Val) => boolean {
  const [name, ...rest] = args;
  if (name === undefined) return isTrue;
  return (value) => tools.test(text(name), value, rest, named);
}

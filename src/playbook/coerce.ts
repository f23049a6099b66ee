import { isMap, isTemplate } from './written.ts';

interface Fragment {
  readonly [key: string]: unknown;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Fragment>>;
  readonly additionalProperties?: Fragment | boolean;
  readonly items?: Fragment;
  readonly anyOf?: readonly Fragment[];
  readonly oneOf?: readonly Fragment[];
}

/**
 * A filled in value with the types its schema asks for, where a template gave it and nothing is lost: a variable may
 * hold `9090` as a number or, as `-e` gives it, as text. What stands in the file without a template is left as it is.
 */
export function coerced(schema: Fragment, written: unknown, value: unknown): unknown {
  if (written === value) return value;
  if (Array.isArray(value)) {
    if (!schema.items || !Array.isArray(written) || written.length !== value.length) return value;
    return value.map((one, index) => coerced(schema.items!, written[index], one));
  }
  if (isMap(value)) {
    if (!isMap(written)) return value;
    const further = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    let result: Record<string, unknown> | undefined;
    for (const key of Object.keys(value)) {
      const below = schema.properties?.[key] ?? further;
      const one = below ? coerced(below, written[key], value[key]) : value[key];
      if (one === value[key]) continue;
      result ??= { ...value };
      result[key] = one;
    }
    return result ?? value;
  }
  return typeof written === 'string' && isTemplate(written) ? scalar(typesOf(schema), value) : value;
}

function scalar(types: ReadonlySet<string>, value: unknown): unknown {
  if (typeof value === 'number' && types.has('string') && !types.has('integer') && !types.has('number')) {
    return Number.isSafeInteger(value) ? String(value) : value;
  }
  if (typeof value !== 'string' || types.has('string')) return value;
  if ((types.has('integer') || types.has('number')) && /^-?(?:0|[1-9]\d{0,14})$/.test(value)) return Number(value);
  if (types.has('boolean') && /^(?:true|yes|on)$/i.test(value)) return true;
  return types.has('boolean') && /^(?:false|no|off)$/i.test(value) ? false : value;
}

const known = new WeakMap<object, ReadonlySet<string>>();

function typesOf(schema: Fragment): ReadonlySet<string> {
  const found = known.get(schema);
  if (found) return found;
  const forms = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const types = new Set([...[schema.type ?? []].flat(), ...forms.flatMap((one) => [...typesOf(one)])]);
  known.set(schema, types);
  return types;
}

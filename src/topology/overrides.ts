import { type Diagnostic, type Place, type Result, result } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { isMapping, type Path } from '../inventory/setting.ts';
import { readYaml, type YamlDocument } from '../yaml/yaml.ts';
import { topologySchema } from './schema.ts';

/** What the command line gives under a name: the text of `-e name=text`, which is read as YAML, or a value of JSON. */
export type Given = { readonly name: string } & ({ readonly text: string } | { readonly value: unknown });

/** One value that the command line puts into a topology; mappings are taken apart, so it is none but an empty one. */
interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
}

const KEYS = Object.keys(topologySchema.properties);
/** Keys whose own keys are names that users choose. */
const NAMED = Object.entries(topologySchema.properties).flatMap(([key, one]) => ('propertyNames' in one ? [key] : []));

/** A topology with the values that the command line puts into it, at the place `-e a.b.c`; later ones win. */
export interface Overridden {
  readonly document: YamlDocument;
  /** Whether the file or the command line has a value at a path. */
  has(path: Path): boolean;
  /** What the command line overrode, as it is written there: `versions.prometheus`. */
  readonly names: readonly string[];
}

/**
 * Puts what was given under names of the topology into it. Mappings are merged, all else is replaced. A name with dots
 * is a path and must lead into the topology; one without that is no key of it is a variable, and passed over.
 */
export function overridden(document: YamlDocument, given: readonly Given[]): Result<Overridden> {
  const faults: Diagnostic[] = [];
  const overrides: Override[] = [];
  let value = document.value;
  for (const one of given) {
    const path = one.name.split('.');
    if (path.length === 1 && !KEYS.includes(one.name)) continue;
    const fault = misled(path, value);
    const read = 'text' in one ? readYaml(`-e ${one.name}`, one.text) : undefined;
    if (fault) faults.push(fault);
    if (read) faults.push(...(read.ok ? read.warnings : read.faults));
    if (fault || read?.ok === false) continue;
    for (const leaf of leavesOf(path, 'value' in one ? one.value : read?.value.value)) {
      value = withValue(value, leaf.path, leaf.value);
      overrides.push(leaf);
    }
  }
  const at: YamlDocument['at'] = (path, what) => placeOf(document, overrides, path) ?? document.at(path, what);
  const inside: YamlDocument['inside'] = (path, line, col) =>
    placeOf(document, overrides, path) ?? document.inside(path, line, col);
  const names = [...new Set(overrides.map(({ path }) => path.join('.')))];
  return result(
    () => ({ document: { value, at, inside }, has: (path) => valueAt(value, path) !== undefined, names }),
    faults,
  );
}

/** The faults of names with dots where there is no topology that they could lead into. */
export function pathsToNowhere(given: readonly Given[], inventory: string): readonly Diagnostic[] {
  return given
    .filter(({ name }) => name.includes('.'))
    .map(({ name }) => ({
      code: 'unknown-override',
      severity: 'error',
      what: `-e ${name} is a path into topology.yml, and ${inventory} has none.`,
      why: 'A name with dots in it is no variable.',
      mend: `A mapping is given whole, as JSON: -e '{"${name.split('.')[0]}": {…}}'.`,
    }));
}

/** The fault of a path whose first key, or whose cell, the topology does not know. */
function misled(path: readonly string[], value: unknown): Diagnostic | undefined {
  const [kind = '', cell = ''] = path;
  const fault = (what: string, mend: string): Diagnostic => {
    return { code: 'unknown-override', severity: 'error', what, at: place(path), mend };
  };
  if (!KEYS.includes(kind)) return fault(`topology.yml has no key "${kind}".`, didYouMean(kind, KEYS));
  const cells = valueAt(value, [kind]);
  const known = isMapping(cells) ? Object.keys(cells) : [];
  if (!NAMED.includes(kind) || path.length < 3 || known.includes(cell)) return undefined;
  const whole = `Describe it whole: -e '{"${kind}": {"${cell}": {…}}}'.`;
  return fault(`There is no "${cell}" under ${kind}.`, known.length > 0 ? didYouMean(cell, known) : whole);
}

function leavesOf(path: readonly string[], value: unknown): readonly Override[] {
  const entries = isMapping(value) ? Object.entries(value) : [];
  return entries.length > 0 ? entries.flatMap(([key, one]) => leavesOf([...path, key], one)) : [{ path, value }];
}

function withValue(tree: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return isMapping(value) && isMapping(tree) ? tree : value;
  const mapping = isMapping(tree) ? tree : {};
  return { ...mapping, [key]: withValue(valueAt(mapping, [key]), rest, value) };
}

/** The place on the command line of a path, or of its nearest ancestor; undefined where the file has that. */
function placeOf(document: YamlDocument, overrides: readonly Override[], path: Path): Place | undefined {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    const above = overrides.findLast((one) => startsWith(part, one.path));
    if (above) return place(above.path);
    const written = valueAt(document.value, part);
    const below = overrides.findLast((one) => startsWith(one.path, part));
    if (below && !isMapping(written)) return place(below.path);
    if (written !== undefined) return undefined;
  }
  return undefined;
}

function place(path: readonly string[]): Place {
  return { file: `-e ${path.join('.')}`, line: 1, col: 1 };
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((step, index) => path[index] === step);
}

function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((one, step) => {
    if (typeof one !== 'object' || one === null || !Object.hasOwn(one, step)) return undefined;
    return (one as Readonly<Record<string | number, unknown>>)[step];
  }, tree);
}

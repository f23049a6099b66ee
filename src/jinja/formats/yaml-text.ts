import { Failure, typeFailure } from '../fault.ts';
import { floatText } from '../python/python-text.ts';
import { compare, described } from '../values/compare.ts';
import { dictPairs } from '../values/dicts.ts';
import { Float, isDict, isFloat, isInt, isList, Tuple, use, type Val } from '../values/values.ts';
import { readsAsText } from './yaml-scalar.ts';
import { newWriter, writeIndent, writeIndicator, writeScalar, type YamlWriter } from './yaml-writer.ts';

export interface YamlOptions {
  /** Spaces for each level, 2 to 9. */
  readonly indent: number;
  /** Column after which a line is broken at the next space. */
  readonly width: number;
  readonly sortKeys: boolean;
  /** Whether lists and dicts stand on one line: all, none, or (undefined) those that hold only scalars. */
  readonly flow: boolean | undefined;
}

/** A value as YAML, in the layout of PyYAML's dumper on libyaml. Equal parts are written out each time, without anchors. */
export function yamlText(value: Val, options: YamlOptions): string {
  const step = options.indent < 2 || options.indent > 9 ? 2 : options.indent;
  const width =
    options.width >= 0 && options.width <= step * 2 ? 80 : options.width < 0 ? Number.POSITIVE_INFINITY : options.width;
  const writer = newWriter(width, step);
  writeNode(writer, value, { options, inMapping: false });
  writeIndent(writer);
  return writer.text;
}

interface Place {
  readonly options: YamlOptions;
  /** Whether the node is the value of a key: a list there is not indented. */
  readonly inMapping: boolean;
}

function writeNode(writer: YamlWriter, value: Val, place: Place): void {
  use(value);
  const items = isList(value) ? value : value instanceof Tuple ? value.items : undefined;
  if (items !== undefined) {
    if (isFlow(writer, items, items.length, place.options)) writeFlowList(writer, items, place.options);
    else writeBlockList(writer, items, place);
  } else if (isDict(value)) {
    const pairs = sortedPairs(dictPairs(value), place.options.sortKeys);
    if (isFlow(writer, pairs.flat(), pairs.length, place.options)) writeFlowDict(writer, pairs, place.options);
    else writeBlockDict(writer, pairs, place.options);
  } else {
    const { text, mayBePlain } = scalar(value);
    writeIndentedScalar(writer, text, mayBePlain, false);
  }
}

function isFlow(writer: YamlWriter, parts: readonly Val[], count: number, options: YamlOptions): boolean {
  if (writer.flowLevel > 0 || count === 0) return true;
  return options.flow ?? !parts.some((part) => isList(part) || part instanceof Tuple || isDict(part));
}

/** By key; keys that cannot be compared keep the order of the dict. */
function sortedPairs(pairs: (readonly [Val, Val])[], sortKeys: boolean): (readonly [Val, Val])[] {
  if (!sortKeys) return pairs;
  try {
    return pairs.toSorted(([a], [b]) => compare(a, b));
  } catch (error) {
    if (error instanceof Failure && error.code === 'type') return pairs;
    throw error;
  }
}

function scalar(value: Val): { text: string; mayBePlain: boolean } {
  if (typeof value === 'string') return { text: value, mayBePlain: readsAsText(value) };
  if (value === null || typeof value === 'boolean') return { text: String(value), mayBePlain: true };
  if (isFloat(value)) return { text: yamlFloat(value instanceof Float ? value.value : value), mayBePlain: true };
  if (isInt(value)) return { text: String(value), mayBePlain: true };
  throw typeFailure(`${described(value)} cannot be written as YAML.`);
}

function yamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatText(value);
  return text.includes('.') ? text : text.replace('e', '.0e');
}

/** Runs with the indentation of a level further in. */
function indented(writer: YamlWriter, isFlowLevel: boolean, isIndentless: boolean, write: () => void): void {
  const outer = writer.indent;
  if (outer < 0) writer.indent = isFlowLevel ? writer.step : 0;
  else if (!isIndentless) writer.indent += writer.step;
  write();
  writer.indent = outer;
}

/** A scalar whose further lines, if it has any, stand one level further in. */
function writeIndentedScalar(writer: YamlWriter, text: string, mayBePlain: boolean, isSimpleKey: boolean): void {
  indented(writer, true, false, () => writeScalar(writer, text, mayBePlain, isSimpleKey));
}

function writeBlockList(writer: YamlWriter, items: readonly Val[], place: Place): void {
  indented(writer, false, place.inMapping && !writer.indention, () => {
    for (const item of items) {
      writeIndent(writer);
      writeIndicator(writer, '-', { needsSpace: true, isIndention: true });
      writeNode(writer, item, { options: place.options, inMapping: false });
    }
  });
}

function writeBlockDict(writer: YamlWriter, pairs: readonly (readonly [Val, Val])[], options: YamlOptions): void {
  indented(writer, false, false, () => {
    for (const [key, value] of pairs) {
      writeIndent(writer);
      if (isSimpleKey(key)) {
        writeKey(writer, key, true);
        writeIndicator(writer, ':');
      } else {
        writeIndicator(writer, '?', { needsSpace: true, isIndention: true });
        writeKey(writer, key, false);
        writeIndent(writer);
        writeIndicator(writer, ':', { needsSpace: true, isIndention: true });
      }
      writeNode(writer, value, { options, inMapping: true });
    }
  });
}

function writeFlowList(writer: YamlWriter, items: readonly Val[], options: YamlOptions): void {
  inFlow(writer, '[', ']', () => {
    for (const [index, item] of items.entries()) {
      if (index > 0) writeIndicator(writer, ',');
      if (writer.column > writer.width) writeIndent(writer);
      writeNode(writer, item, { options, inMapping: false });
    }
  });
}

function writeFlowDict(writer: YamlWriter, pairs: readonly (readonly [Val, Val])[], options: YamlOptions): void {
  inFlow(writer, '{', '}', () => {
    for (const [index, [key, value]] of pairs.entries()) {
      if (index > 0) writeIndicator(writer, ',');
      if (writer.column > writer.width) writeIndent(writer);
      const isSimple = isSimpleKey(key);
      if (!isSimple) writeIndicator(writer, '?', { needsSpace: true });
      writeKey(writer, key, isSimple);
      if (!isSimple && writer.column > writer.width) writeIndent(writer);
      writeIndicator(writer, ':', { needsSpace: !isSimple });
      writeNode(writer, value, { options, inMapping: true });
    }
  });
}

function inFlow(writer: YamlWriter, open: string, close: string, write: () => void): void {
  writeIndicator(writer, open, { needsSpace: true, isSpace: true });
  writer.flowLevel += 1;
  indented(writer, true, false, write);
  writer.flowLevel -= 1;
  writeIndicator(writer, close);
}

const LONGEST_SIMPLE_KEY = 128;

function isSimpleKey(key: Val): boolean {
  const { text } = scalar(key);
  return new TextEncoder().encode(text).length <= LONGEST_SIMPLE_KEY && !/[\r\n\x85\u2028\u2029]/.test(text);
}

function writeKey(writer: YamlWriter, key: Val, isSimple: boolean): void {
  const { text, mayBePlain } = scalar(key);
  writeIndentedScalar(writer, text, mayBePlain, isSimple);
}

import { Failure, valueFailure } from '../fault.ts';
import { compareText } from '../values/compare.ts';

type Holds = (order: number) => boolean;
const RELATIONS: readonly (readonly [readonly string[], Holds])[] = [
  [['==', '=', 'eq'], (order) => order === 0],
  [['!=', '<>', 'ne'], (order) => order !== 0],
  [['<', 'lt'], (order) => order < 0],
  [['<=', 'le'], (order) => order <= 0],
  [['>', 'gt'], (order) => order > 0],
  [['>=', 'ge'], (order) => order >= 0],
];

/** Whether two versions stand in this relation; `type` is loose (any dotted version), strict, or semver. */
export function versionHolds(left: string, operator: string, right: string, type: string): boolean {
  const holds = RELATIONS.find(([names]) => names.includes(operator))?.[1];
  if (holds === undefined) throw valueFailure(`'version' knows no operator '${operator}'.`);
  if (left === '' || right === '') throw valueFailure("'version' was given an empty version.");
  if (type === 'loose') return holds(compareLoose(left, right));
  if (type === 'strict') return holds(compareParts(strictParts(left), strictParts(right)));
  if (type === 'semver' || type === 'semantic') return holds(compareSemantic(left, right));
  throw new Failure('unsupported', `'version' knows the types loose, strict and semver, not '${type}'.`);
}

type Part = number | string;

/** The numbers and words of a version, without the dots between them. */
function looseParts(version: string): Part[] {
  const pieces = version.split(/(\d+|[a-z]+|\.)/).filter((piece) => piece !== '' && piece !== '.');
  return pieces.map((piece) => (/^\d+$/.test(piece) ? Number(piece) : piece));
}

function compareLoose(left: string, right: string): number {
  const [a, b] = [looseParts(left), looseParts(right)];
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other !== undefined && typeof part !== typeof other) {
      throw valueFailure('The versions cannot be compared: where one has a number the other has a word.');
    }
    if (other !== undefined && part !== other) return order(part, other);
  }
  return a.length - b.length;
}

function compareParts(a: readonly Part[], b: readonly Part[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other !== undefined && part !== other) return order(part, other);
  }
  return a.length - b.length;
}

function order(a: Part, b: Part): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return typeof a === 'number' ? -1 : 1;
}

function strictParts(version: string): Part[] {
  const parts = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(version);
  if (parts === null) throw valueFailure('A strict version is like 1.2, 1.2.3 or 1.2a1.');
  const [, major, minor, patch = '0', stage, count] = parts;
  const release = stage === undefined ? ['release', 0] : [stage, Number(count)];
  return [Number(major), Number(minor), Number(patch), ...release];
}

const SEMANTIC = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\dA-Za-z.-]+))?(?:\+[\dA-Za-z.-]+)?$/;

function compareSemantic(left: string, right: string): number {
  const [a, b] = [semanticParts(left), semanticParts(right)];
  const byNumbers = compareParts(a.numbers, b.numbers);
  if (byNumbers !== 0) return byNumbers;
  if (a.stage === undefined || b.stage === undefined)
    return Number(a.stage === undefined) - Number(b.stage === undefined);
  return compareParts(a.stage, b.stage);
}

function semanticParts(version: string): { numbers: Part[]; stage: Part[] | undefined } {
  const parts = SEMANTIC.exec(version);
  if (parts === null) throw valueFailure('A semantic version is like 1.2.3 or 1.2.3-rc.1.');
  const stage = parts[4]?.split('.').map((piece) => (/^\d+$/.test(piece) ? Number(piece) : piece));
  return { numbers: parts.slice(1, 4).map(Number), stage };
}

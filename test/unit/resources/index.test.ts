import { describe, expect, it } from 'vitest';
import { kinds } from '../../../src/resources/index.ts';
import type { AnyKind } from '../../../src/resources/kind.ts';
import { check } from '../../../src/schema/check.ts';

interface Node {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly Node[];
}

/** Every key of a schema, at any depth, with its path. */
function keysOf(node: Node, path = ''): readonly (readonly [string, Node])[] {
  const inner = (node.anyOf ?? []).flatMap((one) => keysOf(one, path));
  const own = Object.entries(node.properties ?? {}).map(([key, one]) => [`${path}${key}`, one] as const);
  return [...own.flatMap(([key, one]) => [[key, one] as const, ...keysOf(one, `${key}.`)]), ...inner];
}

describe.each([...kinds])('the kind %s', (key, kind: AnyKind) => {
  it('is listed under its name and summed up in a sentence', () => {
    expect(kind.name).toBe(key);
    expect(kind.summary).toMatch(/^[A-Z].*\.$/);
  });

  it.each(keysOf(kind.schema as Node))('explains %s with an example that is valid', (_, node) => {
    expect(node.description).toMatch(/\.$/);
    for (const example of node.examples ?? []) expect(check(node, example)).toEqual([]);
    if (node.properties === undefined) expect(node.examples).not.toHaveLength(0);
  });
});

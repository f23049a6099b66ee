import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { build } from '../../../src/yaml/build.ts';
import { pack } from '../../../src/yaml/packed.ts';
import { keptTree, parse, treesOf } from '../../../src/yaml/parse.ts';

const texts = readdirSync('playbooks', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yml'))
  .map((path) => [path, readFileSync(`playbooks/${path}`, 'utf8')] as const);

const more = [
  ['nothing', ''],
  ['a comment', '# nothing\n'],
  [
    'marks',
    'a: &x [1, "two", \'three\', {b: !!str 4}]\nc: *x\nd: {<<: {e: 5}, f: }\ng: |-\n  text\n  more\nh: >\n  folded\n',
  ],
  ['keys without values', 'a:\n? b\nc: ~\n'],
  ['line ends of Windows', 'a: 1\r\nb:\r\n  - 2\r\n'],
] as const;

describe('a tree that was kept', () => {
  it.each([...texts, ...more])('is the tree of its text, with all places: %s', (_, text) => {
    const { contents, lines, errors } = parse(text);
    const kept = keptTree(text, treesOf([text]))!;
    expect(errors).toEqual([]);
    expect(kept.contents && pack(kept.contents)).toEqual(contents && pack(contents));
    expect(kept.lines.lineStarts).toEqual(lines.lineStarts);
    expect(build({ file: 'a.yml', text, ...kept })).toEqual(build({ file: 'a.yml', text, lines, contents }));
  });

  it('is for that very text alone', () => {
    expect(keptTree('a: 2\n', treesOf(['a: 1\n']))).toBeUndefined();
  });

  it('is not kept of a text with faults', () => {
    expect(treesOf(['a: [1\n'])).toEqual({});
  });
});

import { expect, it } from 'vitest';
import { pathsBelow, projectOf, textOf } from '../../../src/diagnostics/project.ts';

const project = projectOf({ 'b/y': 'why', 'b/x/z': 'ü', bc: '', a: '' });

it('gives the text of a file, whatever its bytes', () => {
  expect(textOf(project, 'b/x/z')).toBe('ü');
  expect(textOf(project, 'nothing')).toBeUndefined();
  expect(textOf({ files: new Map([['f', new Uint8Array([0x61, 0xff])]]) }, 'f')).toBe('a\ufffd');
});

it('lists a folder in one order, and not its namesakes', () => {
  expect(pathsBelow(project, 'b')).toEqual(['b/x/z', 'b/y']);
  expect(pathsBelow(project, 'b/')).toEqual(['b/x/z', 'b/y']);
  expect(pathsBelow(project, '')).toEqual(['a', 'b/x/z', 'b/y', 'bc']);
});

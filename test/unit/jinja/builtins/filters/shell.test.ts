import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../../render.ts';

describe('filters for configuration and commands', () => {
  it.each([
    ["'a b' | quote", "'a b'"],
    [`"it's" | quote`, `'it'"'"'s'`],
    ["'a/b-1' | quote", 'a/b-1'],
    ["'a\\nb' | comment", '#\n# a\n# b\n#'],
    ["'a' | comment('c', prefix='', postfix='')", '// a\n'],
    ["'a' | comment('cblock')", '/*\n *\n * a\n *\n */'],
    ["'a,b' | split(',')", ['a', 'b']],
    ["'a  b' | split", ['a', 'b']],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toEqual(expected);
  });

  it.each([
    ["'a' | comment('x')", "'comment' knows no style 'x', only plain, erlang, c, cblock, xml."],
    [
      "'a' | comment(prefx='x')",
      "'comment' has no argument 'prefx'; it takes style, newline, beginning, prefix, prefix_count, decoration, postfix, postfix_count, end.",
    ],
    ["'a' | split('')", "The separator of 'split' is empty."],
  ])('%s: %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});

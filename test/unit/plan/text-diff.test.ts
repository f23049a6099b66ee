import { describe, expect, it } from 'vitest';
import { textDiff } from '../../../src/plan/text-diff.ts';

describe('textDiff', () => {
  it('counts and shows what differs, with context', () => {
    expect(textDiff('a\nb\nc\n', 'a\nB\nc\n')).toEqual({
      added: 1,
      removed: 1,
      lines: ['@@ -1,3 +1,3 @@', ' a', '-b', '+B', ' c'],
    });
  });

  it('says when the last line has no end', () => {
    expect(textDiff('a\n', 'a').lines).toContain('\\ No newline at end of file');
  });

  it('does not let a file drive the terminal', () => {
    expect(textDiff('', 'x\x1b[2J\x07\n').lines).toContain('+x\\x1b[2J\\x07');
  });
});

import { describe, expect, it } from 'vitest';
import { newWriter, writeScalar } from '../../../../src/jinja/formats/yaml-writer.ts';

function written(text: string, mayBePlain = true, isSimpleKey = false): string {
  const writer = newWriter(80, 2);
  writer.indent = 2;
  writeScalar(writer, text, mayBePlain, isSimpleKey);
  return writer.text;
}

describe('writeScalar', () => {
  it('takes the first style that gives the text back', () => {
    expect(written('a b')).toBe('a b');
    expect(written('yes', false)).toBe("'yes'");
    expect(written("it's: a")).toBe("'it''s: a'");
    expect(written('tab\there')).toBe('"tab\\there"');
    expect(written('')).toBe('');
    expect(written('', true, true)).toBe("''");
  });

  it('doubles the line ends of quoted text', () => {
    expect(written('a\nb')).toBe("'a\n\n  b'");
    expect(written('a\nb', true, true)).toBe('"a\\nb"');
  });
});

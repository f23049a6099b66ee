import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lines, print, quote, sh, trusted } from '../../../src/posix/script.ts';
import { Secret } from '../../../src/posix/secret.ts';
import { runScript, SHELLS } from './shells.ts';

/** Any text a shell can carry: hostile fragments, quotes, newlines, unicode, lone control characters. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '\\',
        '$(touch /tmp/owned)',
        '`id`',
        '$HOME',
        '\n',
        '\r',
        '\t',
        ' ',
        ';',
        '&',
        '|',
        '-n',
        '--',
        '-',
        '%s',
        '%',
        '\\n',
        '\\0',
        '*',
        '~',
        '!',
        '#',
        '{a,b}',
        '\x07',
        '\x1b[2J',
        'ü',
        '😀',
        '\u2028',
        'EOF',
      ),
      fc.string({ unit: 'grapheme' }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join('').replaceAll('\0', ''));

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('in %s', (_, shell) => {
  it('a string is one word that expands to exactly itself', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 6 }), (texts) => {
        const script = sh`set -- ${texts}; printf '%s\0' "$#" "$@"`;
        const { code, stdout, stderr } = runScript(shell, script);
        const words = stdout.toString().split('\0').slice(0, -1);
        expect([code, stderr.toString(), words]).toEqual([0, '', [String(texts.length), ...texts]]);
      }),
      { numRuns: 60 },
    );
  });

  it('a secret is quoted like a string', () => {
    const { stdout } = runScript(shell, sh`printf %s ${new Secret("it's $x")}`);
    expect(stdout.toString()).toBe("it's $x");
  });

  it('prints any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(runScript(shell, print(text)).stdout.toString()).toBe(text);
        expect(runScript(shell, print(new Secret(text))).stdout.toString()).toBe(text);
      }),
      { numRuns: 40 },
    );
  });

  it('prints any bytes, NUL and broken UTF-8 among them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect([...runScript(shell, print(bytes)).stdout]).toEqual([...bytes]);
      }),
      { numRuns: 40 },
    );
    const many = Uint8Array.from({ length: 40_000 }, (_, i) => (i * 7) % 256);
    expect(Buffer.compare(runScript(shell, print(many)).stdout, many)).toBe(0);
  });

  it('prints a large text as it is', () => {
    const text = "0123456789 it's\n".repeat(50_000);
    expect(runScript(shell, print(text)).stdout.toString()).toBe(text);
  });

  it('print can feed a pipe', () => {
    expect(
      runScript(shell, sh`${print(new Uint8Array([0, 255, 10]))} | wc -c`)
        .stdout.toString()
        .trim(),
    ).toBe('3');
  });
});

describe('sh', () => {
  it('leaves its own text alone and quotes by type', () => {
    const script = sh`a ${'b c'} ${5} ${['x', 'y z', 7]} ${trusted('p | q')} "\$HOME"`;
    expect(script.text).toBe(`a 'b c' 5 x 'y z' 7 p | q "\\$HOME"`);
  });

  it('makes an empty string a word and an empty list none', () => {
    expect(sh`a ${''} ${[]} b`.text).toBe("a ''  b");
  });

  it('refuses what no shell can carry', () => {
    expect(() => sh`${'a\0b'}`).toThrow(RangeError);
    expect(() => quote('\0')).toThrow(RangeError);
  });

  it('never shows a script, which may hold secrets', () => {
    const script = sh`login ${new Secret('hunter2')}`;
    expect(`${script} ${JSON.stringify({ script })}`).not.toContain('hunter2');
  });

  it('joins scripts line by line', () => {
    expect(lines([sh`a`, sh`b`]).text).toBe('a\nb');
  });
});

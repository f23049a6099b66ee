import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame, unframe } from '../../../src/posix/frame.ts';
import { lines, looking, print, sh, trusted } from '../../../src/posix/script.ts';
import { runScript, SHELLS } from './shells.ts';

const MARK = '0123456789abcdef0123456789abcdef';

function ask(shell: readonly string[], probes: Parameters<typeof frame>[0]) {
  const { stdout, stderr } = runScript(shell, frame(probes, MARK));
  return unframe(stdout.toString(), stderr.toString(), MARK, probes.length);
}

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('in %s', (_, shell) => {
  it('every probe gets its own answer, whatever it prints', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom('\n', '\n\n', ' ', '0', MARK.slice(0, 24), `${MARK.slice(8)} 0`), fc.string()), {
        maxLength: 5,
      })
      .map((parts) => parts.join('').replaceAll('\0', ''));
    const probe = fc.record({ stdout: text, stderr: text, code: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(probe, { maxLength: 6 }), (probes) => {
        const scripts = probes.map(
          ({ stdout, stderr, code }) => sh`${print(stdout)}; ${print(stderr)} >&2; exit ${code}`,
        );
        expect(ask(shell, scripts)).toEqual(probes);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['reads stdin', 'cat; read x; cat -'],
    ['exits', 'exit 7'],
    ['changes what its shell is', 'cd /; set -eu; umask 000; exec 2>/dev/null; trap "echo bye" EXIT; PATH=/nowhere'],
    ['ends in a comment', 'true # comment'],
    ['ends in a here document', 'cat <<EOF\nx\nEOF'],
    ['replaces itself', 'exec true'],
    ['kills its subshell', "kill -9 $(exec sh -c 'echo $PPID')"],
  ])('a probe that %s does not disturb the next', (_what, text) => {
    const answers = ask(shell, [trusted(text), sh`pwd >/dev/null; echo next`]);
    expect(answers).toHaveLength(2);
    expect(answers?.[1]).toEqual({ code: 0, stdout: 'next\n', stderr: '' });
  });

  it('what probes go by is looked at once, about all that they name, and says nothing itself', () => {
    const look = (...about: readonly string[]) =>
      looking({
        name: 'seen',
        about,
        ask: (all) => sh`echo noise; cat; seen="$seen<"; for one in ${all}; do seen="$seen $one"; done`,
      });
    const answers = ask(shell, [
      sh`${look('a b', "it's")}echo "$seen"; seen=`,
      lines([look('c', 'a b'), sh`echo "$seen"`]),
    ]);
    expect(answers?.map(({ stdout, stderr }) => [stdout, stderr])).toEqual(Array(2).fill(["< a b it's c\n", '']));
  });

  it('hundreds of probes come back in order', () => {
    const probes = Array.from({ length: 401 }, (_, i) => sh`echo ${i}`);
    expect(ask(shell, probes)?.map((answer) => answer.stdout)).toEqual(probes.map((_, i) => `${i}\n`));
  });
});

describe('unframe', () => {
  const good = `${MARK}\na\n${MARK} 0\nb\n${MARK} 3\n`;

  it('skips what a talkative login prints first', () => {
    expect(unframe(`Welcome!\n${good}`, `motd\n${MARK}\nx\n${MARK}\ny\n${MARK}\n`, MARK, 2)).toEqual([
      { code: 0, stdout: 'a', stderr: 'x' },
      { code: 3, stdout: 'b', stderr: 'y' },
    ]);
  });

  it('gives nothing when a probe printed the mark itself', () => {
    expect(unframe(`${MARK}\na\n${MARK} 0\nb\n${MARK} 0\n${MARK} 0\n`, '', MARK, 2)).toBeUndefined();
  });

  it.each([
    ['is empty', ''],
    ['lacks the opening mark', good.slice(MARK.length + 1)],
    ['was cut off', good.slice(0, -1)],
    ['was cut off between answers', `${MARK}\na\n${MARK} 0\n`],
    ['has an answer too many', `${good}c\n${MARK} 0\n`],
    ['has a code that is no number', good.replace(`${MARK} 3`, `${MARK} x`)],
  ])('gives nothing when the output %s', (_, output) => {
    expect(unframe(output, '', MARK, 2)).toBeUndefined();
  });

  it('gives nothing, rather than a wrong answer, however the output is cut', () => {
    for (let end = 0; end < good.length; end++) expect(unframe(good.slice(0, end), '', MARK, 2)).toBeUndefined();
  });
});

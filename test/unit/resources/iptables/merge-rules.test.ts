import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergedRules } from '../../../../src/resources/iptables/merge-rules.ts';

const verdicts = ['RETURN', 'ACCEPT', 'DROP', 'REJECT --reject-with icmp-port-unreachable', 'LOG'] as const;
/** Rules over packets that are the letters a to d; no letters at all is every packet. */
const rule = fc
  .tuple(fc.subarray(['a', 'b', 'c', 'd']), fc.constantFrom(...verdicts))
  .map(([letters, verdict]) => `${letters.length > 0 ? `-i ${letters.join('')} ` : ''}-j ${verdict}`);
const rules = fc.array(rule, { maxLength: 8 });

/** Whether a chain lets a packet go on. */
function letsIn(chain: readonly string[], packet: string): boolean {
  const first = chain.find((one) => {
    const [, letters = 'abcd', target] = /^(?:-i (\S+) )?-j (\S+)/.exec(one)!;
    return letters.includes(packet) && target !== 'LOG';
  });
  return first === undefined || /-j (RETURN|ACCEPT)/.test(first);
}

describe('merged rules', () => {
  it('let in whatever one of both lets in', () => {
    fc.assert(
      fc.property(rules, rules, fc.constantFrom('a', 'b', 'c', 'd'), (earlier, later, packet) => {
        const before = letsIn(earlier, packet) || letsIn(later, packet);
        expect(letsIn(mergedRules(earlier, later), packet) || !before).toBe(true);
      }),
    );
  });

  it('stay as they are when they are merged with the later ones again', () => {
    fc.assert(
      fc.property(rules, rules, (earlier, later) => {
        const once = mergedRules(earlier, later);
        expect(mergedRules(once, later)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [
      'a new peer is let in, a former one still is, and the rest is stopped',
      ['-i b -j RETURN', '-s 1 -j RETURN', '-s 2 -j RETURN', '-j DROP'],
      ['-i b -j RETURN', '-s 2 -j RETURN', '-s 3 -j RETURN', '-j DROP'],
      ['-i b -j RETURN', '-s 1 -j RETURN', '-s 2 -j RETURN', '-s 3 -j RETURN', '-j DROP'],
    ],
    [
      'the same rules stay',
      ['-s 1 -j RETURN', '-j DROP'],
      ['-s 1 -j RETURN', '-j DROP'],
      ['-s 1 -j RETURN', '-j DROP'],
    ],
    [
      'another verdict on the same packets goes on stopping them',
      ['-j DROP'],
      ['-s 1 -j RETURN', '-j REJECT'],
      ['-s 1 -j RETURN', '-j REJECT'],
    ],
    [
      'what only one of both stops is not stopped',
      ['-s 1 -j DROP', '-j DROP'],
      ['-s 2 -j DROP', '-j DROP'],
      ['-j DROP'],
    ],
    ['what only one of both writes into the log is not written', ['-j LOG', '-j DROP'], ['-j DROP'], ['-j DROP']],
  ])('%s', (_, earlier, later, merged) => {
    expect(mergedRules(earlier, later)).toEqual(merged);
  });
});

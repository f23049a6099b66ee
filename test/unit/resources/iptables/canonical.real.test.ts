import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Family } from '../../../../src/resources/iptables/address.ts';
import { observedText, readRules, rulesText } from '../../../../src/resources/iptables/canonical.ts';
import { printedBy, programs, unavailable } from './real-iptables.ts';
import { anyRule } from './rule-generator.ts';

const seed = 20_240;

for (const family of [4, 6] as const) {
  for (const program of programs[family]) {
    const reason = unavailable(program);
    const written = fc.sample(anyRule(family), { numRuns: 400, seed });

    describe(`the canonical form beside the real ${program}${reason ? ` (skipped: ${reason})` : ''}`, () => {
      it.skipIf(reason !== undefined)('equals what iptables makes of the rules as people write them', () => {
        const printed = printedBy(program, 'SCRATCH', written);
        expect(observedText(printed, family, 'SCRATCH')).toBe(canonical(written, family));
      });

      it.skipIf(reason !== undefined)('is printed back byte for byte', () => {
        const ours = canonical(written, family).trimEnd().split('\n');
        const printed = printedBy(program, 'SCRATCH', ours).map((line) => line.replace('-A SCRATCH ', ''));
        expect(printed.map(withoutHostNames)).toEqual(ours);
      });
    });
  }
}

function canonical(written: readonly string[], family: Family): string {
  const read = readRules(written, family, 'SCRATCH');
  if (!read.ok) throw new Error(`refused: ${read.text}: ${read.fault.why}`);
  return rulesText(read.rules);
}

// Where /etc/protocols is there, iptables prints the names of protocols that it does not know by itself.
function withoutHostNames(line: string): string {
  const numbers: Record<string, string> = { vrrp: '112', gre: '47' };
  return line.replace(/-p (vrrp|gre)\b/, (_, name: string) => `-p ${numbers[name]}`);
}

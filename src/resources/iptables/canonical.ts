import type { Family } from './address.ts';
import { readRule } from './read-rule.ts';
import { printRule, type Rule, type RuleFault } from './rule.ts';

/** The rules of a chain, understood, or the first that is refused (counted from 1). */
export type ReadRules =
  | { readonly ok: true; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly number: number; readonly text: string; readonly fault: RuleFault };

/** Reads the rules that the user wrote, in order. */
export function readRules(texts: readonly string[], family: Family, chain: string): ReadRules {
  const rules: Rule[] = [];
  for (const [index, text] of texts.entries()) {
    const read = readRule(text, family, chain);
    if ('why' in read) return { ok: false, number: index + 1, text, fault: read };
    rules.push(...read);
  }
  return { ok: true, rules };
}

/** One rule a line, each ended by a newline: the form in which chains are compared and shown. */
export function rulesText(rules: readonly Rule[]): string {
  return rules.map((rule) => `${printRule(rule)}\n`).join('');
}

/**
 * The lines that `iptables -S CHAIN` gave, in the same form: builds of iptables differ in small ways (`-p vrrp` or
 * `-p 112`). A line that hadeploy would not have written stays as it is, and so differs.
 */
export function observedText(lines: readonly string[], family: Family, chain: string): string {
  return lines
    .map((line) => {
      const read = readRule(line, family, chain);
      if (!('why' in read) && read.length === 1) return `${printRule(read[0]!)}\n`;
      return `${line.replace(`-A ${chain} `, '')}\n`;
    })
    .join('');
}

import type { Family } from './address.ts';
import { type Extension, matches, type Option, targets } from './extensions.ts';
import { type Header, headers, readHeader } from './headers.ts';
import type { Condition, Rule, RuleFault } from './rule.ts';
import { strayWord, unknownExtension, unknownOption } from './rule-fault.ts';
import { splitWords } from './words.ts';

const shortNames = new Map([
  ['--match', '-m'],
  ['--jump', '-j'],
  ['--append', '-A'],
]);

/** What was read so far; the only mutable thing here, and it never leaves `readRule`. */
interface Draft {
  readonly headers: Map<Header, Condition>;
  readonly matches: DraftPart[];
  target: DraftPart | undefined;
}

interface DraftPart {
  readonly extension: Extension;
  readonly given: Map<Option, Condition>;
}

/** So many rules are kept once they were read: those that are wanted are also those that are found, on host after host. */
const keptRules = 1024;
const kept = new Map<string, readonly Rule[] | RuleFault>();

/**
 * Reads one rule in iptables' own words (a leading `-A CHAIN` of this chain may stand there). Lists of addresses
 * make several rules, as iptables makes them. Whatever could not be compared later is refused.
 */
export function readRule(text: string, family: Family, chain: string): readonly Rule[] | RuleFault {
  const key = `${family} ${chain} ${text}`;
  const known = kept.get(key);
  if (known) return known;
  const read = readOnce(text, family, chain);
  if (kept.size >= keptRules) kept.delete(kept.keys().next().value!);
  kept.set(key, read);
  return read;
}

function readOnce(text: string, family: Family, chain: string): readonly Rule[] | RuleFault {
  const split = splitWords(text);
  if (split === undefined) return { why: 'A quote is left open.', mend: 'Close it.' };
  const words = split.flatMap(spelledOut);
  const draft: Draft = { headers: new Map(), matches: [], target: undefined };
  for (let at = 0; at < words.length; ) {
    const negated = words[at] === '!';
    if (negated) at += 1;
    const name = words[at];
    if (name === undefined) return { why: 'A "!" stands at the end.', mend: 'Write "!" before the option it negates.' };
    if (!name.startsWith('-')) return strayWord(name, words[at - 1]);
    const [first, second] = [words[at + 1], words[at + 2]];
    const taken = name === '-A' && first === chain && at === 0 ? 2 : take(draft, name, negated, first, second, family);
    if (typeof taken !== 'number') return taken;
    at += taken;
  }
  return finish(draft, family);
}

/** `--dport=80` is two words, `--syn` is short for flags, long names of the basic words are put in short. */
function spelledOut(word: string): readonly string[] {
  if (word === '--syn') return ['--tcp-flags', 'FIN,SYN,RST,ACK', 'SYN'];
  if (/^--[a-z0-9-]+=/.test(word)) return [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
  return [shortNames.get(word) ?? word];
}

/** Takes one option and its values into the draft; returns how many words that were. */
function take(
  draft: Draft,
  name: string,
  negated: boolean,
  first: string | undefined,
  second: string | undefined,
  family: Family,
): number | RuleFault {
  if (first === undefined) return { why: `${name} has no value.`, mend: `Write a value after ${name}.` };
  if (name === '-m' || name === '-j') {
    const known = name === '-m' ? matches : targets;
    const extension = known.find((one) => one.name === first);
    if (extension === undefined || negated) return unknownExtension(name, first, negated);
    const part: DraftPart = { extension, given: new Map() };
    if (name === '-m') draft.matches.push(part);
    else if (draft.target !== undefined) return { why: '-j stands there twice.', mend: 'Make two rules of it.' };
    else draft.target = part;
    return 2;
  }
  const header = headers[name];
  if (header !== undefined) {
    if (draft.headers.has(header)) return { why: `${name} stands there twice.`, mend: 'Make two rules of it.' };
    const value = readHeader(header, first, negated, family);
    if (typeof value !== 'string') return value;
    if (value !== '') draft.headers.set(header, { value, negated });
    return 2;
  }
  return takeOption(draft, name, negated, first, second, family);
}

function takeOption(
  draft: Draft,
  name: string,
  negated: boolean,
  first: string,
  second: string | undefined,
  family: Family,
): number | RuleFault {
  const isCalled = (option: Option) => option.name === name || (option.aliases?.includes(name) ?? false);
  const owner = ownerOf(draft, isCalled);
  const option = owner?.extension.options.find(isCalled);
  if (owner === undefined || option === undefined) return unknownOption(name, isCalled);
  if (owner.given.has(option)) return { why: `${name} stands there twice.`, mend: 'Make two rules of it.' };
  if (negated && !option.negatable) return { why: `${name} cannot be negated.`, mend: `Leave out the "!".` };
  const value = option.takes === 2 && second === undefined ? undefined : option.read([first, second ?? ''], family);
  if (value === undefined) {
    return { why: `${name} cannot be "${first}".`, mend: `Write ${option.wants} after ${name}.` };
  }
  const opposite = negated ? option.opposite?.(value) : undefined;
  owner.given.set(option, opposite === undefined ? { value, negated } : { value: opposite, negated: false });
  return 1 + (option.takes ?? 1);
}

/** The latest part that takes the option; `-p tcp` brings the match `tcp` along at the first use of one of its options. */
function ownerOf(draft: Draft, isCalled: (option: Option) => boolean): DraftPart | undefined {
  const loaded = [...draft.matches, ...(draft.target ? [draft.target] : [])].reverse();
  const owner = loaded.find((part) => part.extension.options.some(isCalled));
  const protocol = draft.headers.get('protocol');
  if (owner !== undefined || protocol === undefined || protocol.negated) return owner;
  const extension = matches.find(
    (match) => match.protocols?.length === 1 && match.protocols[0] === protocol.value && match.options.some(isCalled),
  );
  if (extension === undefined) return undefined;
  const part: DraftPart = { extension, given: new Map() };
  draft.matches.push(part);
  return part;
}

/** The whole rule: what contradicts itself is refused, the defaults that iptables prints are put in, lists are expanded. */
function finish({ headers: head, matches: parts, target }: Draft, family: Family): readonly Rule[] | RuleFault {
  if (target === undefined)
    return { why: 'It has no -j, so it does nothing.', mend: 'Say -j RETURN, DROP, ACCEPT, REJECT or LOG.' };
  const protocol = head.get('protocol');
  for (const [index, { extension, given }] of parts.entries()) {
    const needed = extension.protocols;
    if (needed && (protocol === undefined || protocol.negated || !needed.includes(protocol.value))) {
      return { why: `-m ${extension.name} needs -p ${needed.join(' or ')}.`, mend: `Write -p ${needed[0]} before it.` };
    }
    const wanted = extension.name === 'limit' ? extension.options.slice(0, 1) : extension.options;
    if (!extension.bare && !wanted.some((option) => given.has(option))) {
      return {
        why: `-m ${extension.name} says nothing.`,
        mend: `Write ${wanted.map((o) => o.name).join(' or ')} after it.`,
      };
    }
    if (extension.name === 'multiport' && given.size > 1) {
      return { why: '-m multiport takes one list of ports.', mend: 'Write -m multiport again before the second list.' };
    }
    if (extension.bare && parts.findIndex((part) => part.extension === extension) !== index) {
      return { why: `-m ${extension.name} stands there twice.`, mend: 'Put its options behind one of them.' };
    }
  }
  const resets = [...target.given.values()].some(({ value }) => value === 'tcp-reset');
  if (resets && (protocol?.value !== 'tcp' || protocol.negated)) {
    return { why: '--reject-with tcp-reset needs -p tcp.', mend: 'Write -p tcp before it.' };
  }
  return expanded(head, parts, withDefaults(target, family));
}

function withDefaults(target: DraftPart, family: Family): DraftPart {
  const [option] = target.extension.options;
  if (target.extension.name !== 'REJECT' || option === undefined || target.given.has(option)) return target;
  const value = family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable';
  return { ...target, given: new Map([[option, { value, negated: false }]]) };
}

function expanded(
  head: ReadonlyMap<Header, Condition>,
  parts: readonly DraftPart[],
  target: DraftPart,
): readonly Rule[] {
  return each(head.get('source')).flatMap((source) =>
    each(head.get('destination')).map((destination) => ({
      ...(source && { source }),
      ...(destination && { destination }),
      ...(head.has('input') && { input: head.get('input')! }),
      ...(head.has('output') && { output: head.get('output')! }),
      ...(head.has('protocol') && { protocol: head.get('protocol')! }),
      matches: parts,
      target,
    })),
  );
}

function each(condition: Condition | undefined): readonly (Condition | undefined)[] {
  return condition?.value.split(',').map((value) => ({ ...condition, value })) ?? [undefined];
}

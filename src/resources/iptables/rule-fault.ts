import { didYouMean } from '../../diagnostics/suggest.ts';
import { matches, type Option, targets } from './extensions.ts';
import { headers } from './headers.ts';
import type { RuleFault } from './rule.ts';

/** A word where an option should stand. */
export function strayWord(word: string, before: string | undefined): RuleFault {
  return before === undefined
    ? {
        why: `"${word}" is no option.`,
        mend: 'Begin with an option such as -s, -p or -j; the chain is named once, above.',
      }
    : { why: `"${word}" after "${before}" belongs to no option.`, mend: 'Quote a value that has spaces.' };
}

/** A match or target whose printed form hadeploy does not know. */
export function unknownExtension(option: '-m' | '-j', name: string, negated: boolean): RuleFault {
  if (negated) return { why: `${option} cannot be negated.`, mend: 'Put the "!" before one of its options.' };
  const known = (option === '-m' ? matches : targets).map((extension) => extension.name);
  return {
    why: `${option} ${name} is none of those whose printed form hadeploy knows, so drift could not be told from it.`,
    mend: didYouMean(name, known),
  };
}

/** An option that nobody takes, or takes only after a word that is missing. */
export function unknownOption(name: string, isCalled: (option: Option) => boolean): RuleFault {
  const match = matches.find((extension) => extension.options.some(isCalled));
  if (match !== undefined) {
    const opener = match.protocols?.length === 1 ? `-p ${match.protocols[0]}` : `-m ${match.name}`;
    return { why: `${name} belongs to ${opener}, which does not stand before it.`, mend: `Write ${opener} ${name} ….` };
  }
  const target = targets.find((extension) => extension.options.some(isCalled));
  if (target !== undefined) {
    return { why: `${name} belongs to -j ${target.name}.`, mend: `Write -j ${target.name} ${name} ….` };
  }
  const options = [...matches, ...targets].flatMap((extension) => extension.options.map((option) => option.name));
  return {
    why: `${name} is none of the options whose printed form hadeploy knows.`,
    mend: didYouMean(name, [...Object.keys(headers), '-m', '-j', '--syn', ...options]),
  };
}

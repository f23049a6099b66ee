import { Failure, typeFailure, valueFailure } from '../../fault.ts';
import { pythonRegex } from '../../python/python-regex.ts';
import { str } from '../../python/python-text.ts';
import { allMatches, firstMatch } from '../../python/regex-match.ts';
import { expandReplacement } from '../../python/regex-replacement.ts';
import { boundSize } from '../../values/limits.ts';
import { ownList, Tuple, type Val } from '../../values/values.ts';
import { anyText, flag, listItems, text, whole } from '../arguments.ts';
import { filter, type Operations } from '../builtin.ts';

/** Filters with Python's regular expressions. */
export const REGEX_FILTERS: Operations = {
  regex_escape: filter(['re_type?'], (input, [type]) => escaped(str(input), text(type, 'python'))),
  regex_findall: filter(['regex', 'multiline?', 'ignorecase?'], (input, [regex, multiline, ignoreCase]) => {
    const options = { ignoreCase: flag(ignoreCase, false), multiline: flag(multiline, false) };
    return ownList(allMatches(pythonRegex(text(regex), options), str(input)).map(found));
  }),
  regex_replace: filter(
    ['pattern?', 'replacement?', 'ignorecase?', 'multiline?', 'count?'],
    (input, [pattern, replacement, ignoreCase, multiline, count]) => {
      const options = { ignoreCase: flag(ignoreCase, false), multiline: flag(multiline, false) };
      return replaced(str(input), pythonRegex(text(pattern), options), anyText(replacement), whole(count, 0));
    },
  ),
  regex_search: filter(
    ['regex', '*groups', 'ignorecase?', 'multiline?'],
    (input, [regex, groups, ignoreCase, multiline]) => {
      const options = { ignoreCase: flag(ignoreCase, false), multiline: flag(multiline, false) };
      const match = firstMatch(pythonRegex(text(regex), options), str(input));
      const wanted = listItems(groups!).map((group) => wantedGroup(text(group)));
      if (match === null) return null;
      return wanted.length === 0 ? match[0] : ownList(wanted.map((group) => member(match, group)));
    },
  ),
};

function replaced(value: string, regex: RegExp, replacement: string, count: number): string {
  let result = '';
  let at = 0;
  let done = 0;
  for (const match of allMatches(regex, value)) {
    if (count > 0 && done === count) break;
    result += value.slice(at, match.index) + expandReplacement(replacement, match);
    at = match.index + match[0].length;
    done += 1;
    boundSize(result.length);
  }
  return result + value.slice(at);
}

function found(match: RegExpMatchArray): Val {
  if (match.length === 1) return match[0];
  const groups = match.slice(1).map((group) => group ?? '');
  return groups.length === 1 ? groups[0]! : new Tuple(groups);
}

function wantedGroup(written: string): string {
  const name = /^\\(?:g<(\S+)>|(\d+))/.exec(written);
  if (name === null) throw typeFailure("A group is named as '\\\\1' or '\\\\g<name>'.");
  return (name[1] ?? name[2])!;
}

function member(match: RegExpExecArray, group: string): Val {
  const isNumber = /^\d+$/.test(group);
  const known = isNumber ? Number(group) < match.length : Object.hasOwn(match.groups ?? {}, group);
  if (!known) throw valueFailure(`The regular expression has no group '${group}'.`);
  return (isNumber ? match[Number(group)] : match.groups?.[group]) ?? null;
}

function escaped(value: string, type: string): string {
  if (type === 'python') return value.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&');
  if (type === 'posix_basic') return value.replace(/[\].[^$*\\]/g, '\\$&');
  throw new Failure('unsupported', `'regex_escape' knows the types python and posix_basic, not '${type}'.`);
}

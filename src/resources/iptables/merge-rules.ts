/**
 * The rules that let in whatever one of two lists lets in: canonical rules of both, each list in its own order. A rule
 * that stops packets stands there only where both lists have it, with the verdict of the later list. Rules of the earlier
 * list that are `gone` have no say. Merging the result with the later list again changes nothing.
 */
export function mergedRules(
  earlier: readonly string[],
  later: readonly string[],
  gone: (rule: string) => boolean = () => false,
): readonly string[] {
  const merged: string[] = [];
  const stays = (rule: string) => passes(rule) && !gone(rule);
  let at = 0;
  let to = 0;
  for (const [i, j] of [...common(earlier.map(key), later.map(key)), [earlier.length, later.length] as const]) {
    merged.push(...earlier.slice(at, i).filter(stays), ...later.slice(to, j).filter(passes));
    if (j < later.length) merged.push(later[j]!);
    at = i + 1;
    to = j + 1;
  }
  return merged;
}

function passes(rule: string): boolean {
  return /(^| )-j (RETURN|ACCEPT)$/.test(rule);
}

/** Rules are the same to the merge when they stop the same packets, in whatever way they tell the sender. */
function key(rule: string): string {
  return rule.replace(/(^| )-j (DROP|REJECT( --reject-with \S+)?)$/, '$1stop');
}

/** Index pairs of a longest common subsequence. Any that is longest leaves a merged list as it is. */
function common(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const skip = Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
      lengths[i]![j] = a[i] === b[j] ? 1 + lengths[i + 1]![j + 1]! : skip;
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  }
  return pairs;
}

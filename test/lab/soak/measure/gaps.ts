import type { Span } from '../recording.ts';

/** Stretches between moments, and between them and the ends of a span, that are longer than `limit` milliseconds. */
export function gapsIn(moments: readonly number[], { from, to }: Span, limit: number): readonly Span[] {
  const sorted = [...moments].sort((left, right) => left - right);
  // The last moment before the span is where its first gap begins.
  const before = sorted.filter((at) => at <= from).at(-1) ?? from;
  const edges = [before, ...sorted.filter((at) => at > from && at < to), to];
  return edges
    .slice(1)
    .map((at, index) => ({ from: edges[index]!, to: at }))
    .filter((gap) => gap.to - gap.from > limit);
}

/** The length of the longest stretch without a moment, in milliseconds. */
export function longestGap(moments: readonly number[], span: Span): number {
  return Math.max(...gapsIn(moments, span, -1).map(({ from, to }) => to - from));
}

/** One entry of `serial`: how many hosts at a time, or what share of the play's hosts. */
export type BatchSize = { readonly hosts: number } | { readonly percent: number };

/** Reads one entry of `serial` (`2`, `"2"`, `"30%"`); undefined when it is neither a count from 1 nor a share of 1-100 %. */
export function readBatchSize(value: unknown): BatchSize | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  const match = /^([1-9][0-9]*)(%?)$/.exec(text);
  if (!match) return undefined;
  const count = Number(match[1]);
  if (match[2] === '') return { hosts: count };
  return count <= 100 ? { percent: count } : undefined;
}

/**
 * Hosts in the batches that `serial` asks for: each size in turn, the last one repeated; a share is of all the hosts,
 * rounded down, at least one. No sizes: one batch of all.
 */
export function batchesOf(hosts: readonly string[], sizes: readonly BatchSize[]): readonly (readonly string[])[] {
  if (hosts.length === 0) return [];
  if (sizes.length === 0) return [hosts];
  const batches: (readonly string[])[] = [];
  for (let from = 0; from < hosts.length; ) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)]!;
    const count = 'hosts' in size ? size.hosts : Math.max(1, Math.floor((hosts.length * size.percent) / 100));
    batches.push(hosts.slice(from, from + count));
    from += count;
  }
  return batches;
}

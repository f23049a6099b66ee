import { createHmac } from 'node:crypto';

/** Fingerprint of values: 22 characters that say whether they are the same, and to nobody without the key what they are. */
export type Fingerprint = (...values: readonly unknown[]) => string;

/** The fingerprints of one key, of which 32 random bytes are enough. */
export function fingerprintsBy(key: Uint8Array): Fingerprint {
  return (...values) => createHmac('sha256', key).update(canonical(values)).digest('base64url').slice(0, 22);
}

/** A value as text, the same for the same value: keys in order, bytes and whole numbers of any size marked as such. */
function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('base64')}`;
  if (value instanceof Map) return canonical([...value]);
  if (value instanceof Set) return canonical([...value]);
  if (typeof value === 'bigint') return `int:${value}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
    .join(',')}}`;
}

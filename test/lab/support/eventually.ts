import { vi } from 'vitest';

/** Runs checks again and again until they pass and returns what they return; after `seconds` the last failure is thrown. */
export function eventually<T>(checks: () => Promise<T>, seconds = 30): Promise<T> {
  return vi.waitFor(checks, { timeout: seconds * 1000, interval: 200 });
}

import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from '../../../src/posix/secret.ts';

it('shows itself only on request', () => {
  const secret = new Secret('hunter2');
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ deep: [secret] }),
    Object.keys(secret),
  ];
  expect(shown.join(' ')).not.toContain('hunter2');
  expect(String(secret)).toBe('***');
  expect(structuredClone({ ...secret })).toEqual({});
  expect(secret.reveal()).toBe('hunter2');
});

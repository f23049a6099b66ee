import { expect, it } from 'vitest';
import { faultOf, isFault } from '../../../src/resources/fault.ts';

it('names the last thing the host said', () => {
  const stderr = 'perl: warning: Setting locale failed.\nstat: Permission denied\n\n';
  expect(faultOf({ code: 1, stdout: '', stderr })).toEqual({ fault: 'stat: Permission denied' });
});

it('names the exit code of a host that said nothing', () => {
  expect(faultOf({ code: 127, stdout: 'x', stderr: '\n' })).toEqual({ fault: 'the probe ended with exit code 127' });
});

it('is told apart from what was observed and from absence', () => {
  expect([{ fault: 'x' }, { mode: '0644' }, undefined, null].map(isFault)).toEqual([true, false, false, false]);
});

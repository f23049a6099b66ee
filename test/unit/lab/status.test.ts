import { expect, test } from 'vitest';
import { duration, type HostStatus, statusTable } from '../../lab/lab/status.ts';

const row: HostStatus = {
  lab: 'lab',
  name: 'mon-a',
  address: '10.90.0.11',
  kind: 'prepared',
  state: 'up',
  pid: 4711,
  upSeconds: 75,
};

test('the status table aligns its columns and leaves no blank at the ends', () => {
  expect(statusTable([row, { ...row, name: 'mon-b', state: 'off', pid: undefined, upSeconds: undefined }])).toBe(
    [
      'LAB  HOST   ADDRESS     KIND      STATE  UP      PID',
      'lab  mon-a  10.90.0.11  prepared  up     1m 15s  4711',
      'lab  mon-b  10.90.0.11  prepared  off    -       -',
    ].join('\n'),
  );
});

test.each([
  [0, '0s'],
  [59, '59s'],
  [60, '1m 0s'],
  [3725, '1h 2m'],
])('%i seconds read as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

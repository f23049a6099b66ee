import { expect, it } from 'vitest';
import { validateProgram } from '../../../src/resources/validate.ts';

it.each([
  ['visudo -cf %s', 'visudo'],
  ['LC_ALL=C  TZ=UTC /usr/sbin/sshd -t -f %s', '/usr/sbin/sshd'],
  ['"$HOME"/check %s', undefined],
  [undefined, undefined],
])('%s runs %s', (validate, program) => {
  expect(validateProgram(validate)).toBe(program);
});

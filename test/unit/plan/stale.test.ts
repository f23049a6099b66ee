import { describe, expect, it } from 'vitest';
import { whatMoved } from '../../../src/plan/stale.ts';
import type { Change, FieldChange } from '../../../src/resources/change.ts';

const plain = () => undefined;
const none: Change = { action: 'none' };
const update = (...fields: FieldChange[]): Change => ({ action: 'update', cause: 'differs', fields });
const mode = (from: string, to: string): FieldChange => ({ field: 'mode', from, to });
const owner = (from: string, to: string): FieldChange => ({ field: 'owner', from, to });

describe('whatMoved', () => {
  it.each<[string, Change, Change, boolean, string | undefined]>([
    ['equal', update(mode('0600', '0644')), update(mode('0600', '0644')), false, undefined],
    ['nothing due any more', update(mode('0600', '0644')), none, false, undefined],
    [
      'another starting point',
      update(mode('0600', '0644')),
      update(mode('0640', '0644')),
      false,
      'mode was "0600", planned "0644", and is "0640" now',
    ],
    [
      'another starting point after this run touched the host',
      update(mode('0600', '0644')),
      update(mode('0640', '0644')),
      true,
      undefined,
    ],
    [
      'another value',
      update(mode('0600', '0644')),
      update(mode('0600', '0640')),
      true,
      'mode would become "0640", planned "0644"',
    ],
    [
      'one more field',
      update(mode('0600', '0644')),
      update(mode('0600', '0644'), owner('a', 'root')),
      true,
      'owner was as wanted, planned "root", and is "a" now',
    ],
    [
      'one field less',
      update(mode('0600', '0644'), owner('a', 'root')),
      update(mode('0600', '0644')),
      false,
      'owner was "a", planned "root", and is as planned already',
    ],
    [
      'one field less after this run touched the host',
      update(mode('0600', '0644'), owner('a', 'root')),
      update(mode('0600', '0644')),
      true,
      undefined,
    ],
    [
      'gone meanwhile',
      update(mode('0600', '0644')),
      { action: 'create', cause: 'absent', fields: [mode('0600', '0644')] },
      false,
      'the plan shows update, now create is due',
    ],
    ['was right', none, update(mode('0600', '0644')), false, 'mode was as wanted, planned "0644", and is "0600" now'],
    [
      'cannot be done any more',
      update(mode('0600', '0644')),
      { action: 'blocked', what: 'It is a link.', why: 'Links are not followed.', mend: '' },
      true,
      'It is a link. Links are not followed.',
    ],
    [
      'a gate with another answer',
      { action: 'await', cause: 'answers 503', fields: [] },
      { action: 'await', cause: 'no answer', fields: [] },
      false,
      undefined,
    ],
  ])('%s', (_, shown, fresh, touched, expected) => {
    expect(whatMoved(shown, fresh, touched, plain)).toBe(expected);
  });

  it('tells of contents by their lines, and of what is hidden that it is', () => {
    const content = (from: string) => update({ field: 'content', from, to: 'hunter2' });
    expect(whatMoved(content('a\nb\n'), content('c\nd\n'), false, () => 'content')).toBe(
      'content was 2 lines, planned 1 line, and is another 2 lines now',
    );
    expect(whatMoved(content('hunter0'), content('hunter1'), false, () => 'hidden')).toBe(
      'content was (secret), planned (secret), and is another (secret) now',
    );
    const run: Change = { action: 'run', cause: '/hunter2 does not exist', fields: [] };
    expect(whatMoved(none, run, false, () => 'hidden')).not.toContain('hunter2');
    expect(whatMoved(none, run, false, plain)).toBe(
      'it was as it should be when the plan was made, now run is due (/hunter2 does not exist)',
    );
  });
});

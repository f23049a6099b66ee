import { describe, expect, it } from 'vitest';
import { errorAt, Failure, typeFailure, valueFailure } from '../../../src/jinja/fault.ts';

const source = { text: 'one\ntwo three\n', name: 'x.j2' };

describe('errorAt', () => {
  it('counts lines and columns from 1', () => {
    const { fault, message } = errorAt({ source, start: 8, end: 13 }, 'type', 'Wrong.', {
      mend: 'Mend it.',
      name: 'three',
    });
    expect(fault).toEqual({
      code: 'type',
      message: 'Wrong.',
      line: 2,
      col: 5,
      endCol: 10,
      template: 'x.j2',
      name: 'three',
      mend: 'Mend it.',
    });
    expect(message).toBe('x.j2:2:5: Wrong.');
  });

  it('has no end column where the place goes over lines or is empty', () => {
    expect(errorAt({ source, start: 0, end: 6 }, 'type', 'Wrong.').fault).not.toHaveProperty('endCol');
    expect(errorAt({ source, start: 3, end: 3 }, 'type', 'Wrong.').fault).toMatchObject({ line: 1, col: 4 });
  });

  it('leaves out what it does not know', () => {
    const nameless = { text: 'a', name: undefined };
    expect(errorAt({ source: nameless, start: 0, end: 1 }, 'syntax', 'Wrong.').fault).toEqual({
      code: 'syntax',
      message: 'Wrong.',
      line: 1,
      col: 1,
      endCol: 2,
    });
  });
});

describe('failures', () => {
  it('know their kind', () => {
    expect(typeFailure('a')).toMatchObject({ code: 'type', message: 'a' });
    expect(valueFailure('a', 'b')).toMatchObject({ code: 'runtime', extras: { mend: 'b' } });
    expect(new Failure('unsupported', 'a')).toBeInstanceOf(Error);
  });
});

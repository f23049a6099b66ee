import { describe, expect, it } from 'vitest';
import { faultOf } from '../render.ts';

describe('loading statements', () => {
  it.each([
    ["{% import 'a' %}", "'as' was expected here, but there is '%}'."],
    ["{% from 'a' import %}", "A name was expected here, but there is '%}'."],
    ["{% from 'a' import _b %}", 'A name that starts with an underscore cannot be imported.'],
    ["{% include 'a' ignore %}", "'%}' was expected here, but there is 'ignore'."],
  ])('%s', (source, message) => {
    expect(faultOf(source)).toMatchObject({ code: 'syntax', message });
  });
});

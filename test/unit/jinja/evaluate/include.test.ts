import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../render.ts';

const files: Readonly<Record<string, string>> = {
  part: '[{{ x | default("-") }}{% set y = 1 %}]',
  macros: '{% macro m(a) %}{{ a }}{{ x | default("-") }}{% endmacro %}{% set answer = 42 %}{% set _own = 1 %}ignored',
  broken: 'a\n{{ nope }}',
  wrong: '{% if %}',
  self: '{% include "self" %}',
};
const options = { loader: (name: string) => files[name] };

describe('include', () => {
  it('writes the other template, which sees what is around', () => {
    expect(
      render(
        '{% include "part" %}{% set x = 1 %}{% include "part" %}{% for x in [2] %}{% include "part" %}{% endfor %}',
        {},
        options,
      ),
    ).toBe('[-][1][2]');
    expect(render('{% set x = 1 %}{% include "part" without context %}', { x: 3 }, options)).toBe('[-]');
    expect(render('{% include "part" %}', { x: 3 }, options)).toBe('[3]');
  });

  it('lets nothing out', () => {
    expect(render('{% include "part" %}{{ y is defined }}', {}, options)).toBe('[-]False');
  });

  it('takes the first of several, and none where that is allowed', () => {
    expect(render('{% include ["nope", "part"] %}{% include "nope" ignore missing %}', {}, options)).toBe('[-]');
    expect(faultOf('{% include "nope" %}', {}, options)).toMatchObject({
      code: 'runtime',
      message: "There is no template 'nope'.",
      col: 12,
    });
    expect(faultOf('{% include ["a", "b"] %}', {}, options).message).toBe("There is no template 'a' or 'b'.");
    expect(faultOf('{% include 5 %}', {}, options).message).toBe('The name of a template must be text.');
  });

  it('places faults in the template they are in', () => {
    expect(faultOf('{% include "broken" %}', {}, { ...options, name: 'main' })).toMatchObject({
      template: 'broken',
      line: 2,
      col: 4,
    });
    expect(faultOf('{% include "wrong" %}', {}, options)).toMatchObject({ code: 'syntax', template: 'wrong', col: 7 });
  });

  it('ends where templates include themselves', () => {
    expect(faultOf('{% include "self" %}', {}, options).message).toContain('nested deeper');
  });

  it('needs a loader', () => {
    expect(faultOf('{% include "part" %}')).toMatchObject({ code: 'unsupported' });
  });
});

describe('import', () => {
  it('gives macros and variables, but not what starts with an underscore', () => {
    expect(
      render(
        '{% import "macros" as m %}{{ m.m(1) }}{{ m.answer }}{{ m._own is defined }}{{ m.nope is defined }}',
        { x: 2 },
        options,
      ),
    ).toBe('1-42FalseFalse');
    expect(render('{% import "macros" as m with context %}{{ m.m(1) }}', { x: 2 }, options)).toBe('12');
  });

  it('gives single names, under other names too', () => {
    expect(render('{% from "macros" import m, answer as a %}{{ m(1) }}{{ a }}', {}, options)).toBe('1-42');
    expect(faultOf('{% from "macros" import nope %}{{ nope }}', {}, options)).toMatchObject({
      code: 'undefined',
      message: "The template 'macros' does not define 'nope'.",
    });
  });
});

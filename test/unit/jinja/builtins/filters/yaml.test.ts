import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../../render.ts';

describe('YAML filters', () => {
  it('write in the layouts of Ansible', () => {
    const d = { b: [1, 2], a: { x: 'y: z' } };
    expect(render('{{ d | to_nice_yaml }}', { d })).toBe("a:\n    x: 'y: z'\nb:\n- 1\n- 2\n");
    expect(render('{{ d | to_yaml }}', { d })).toBe("a: {x: 'y: z'}\nb: [1, 2]\n");
    expect(render('{{ d | to_nice_yaml(indent=2, sort_keys=false) }}', { d })).toBe("b:\n- 1\n- 2\na:\n  x: 'y: z'\n");
  });

  it('read only with a parser from outside', () => {
    expect(faultOf("{{ 'a: 1' | from_yaml }}")).toMatchObject({ code: 'unsupported' });
    expect(render("{{ ('a: 1' | from_yaml).a }}", {}, { filters: { from_yaml: () => ({ a: 1 }) } })).toBe('1');
  });
});

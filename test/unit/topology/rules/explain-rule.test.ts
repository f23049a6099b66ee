import { describe, expect, it } from 'vitest';
import { explainRule, ruleTitles } from '../../../../src/topology/rules/explain-rule.ts';

describe('the long form of a rule', () => {
  it('says who checks it and when', () => {
    expect(explainRule('pair-on-one-server')).toMatchInlineSnapshot(`
      "pair-on-one-server (error): The two of a pair are on different servers.

      Several cells may share a host: two servers can carry a half of everything. Only the two halves of one cell may not be together.

        why   One server that fails would take both halves with it.
        mend  Name another host.

      \`hadeploy lint\` and every run check it, before a connection is opened."
    `);
    expect(explainRule('vip-in-use')).toContain('Hosts are asked on every run, before anything is changed.');
    expect(explainRule('peers-are-the-others')).toMatchInlineSnapshot(`
      "peers-are-the-others: Alertmanagers know exactly the other members of their cluster, by their servers' addresses and the published port.

      It holds by construction. Peers are derived from the cell; the advertised address is that of the host.

        why   A container that advertises its own address looks like a member, and pages come twice."
    `);
  });

  it('is there for every code, and for nothing else', () => {
    for (const [code, title] of ruleTitles) {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(title).toMatch(/^[A-Z0-9].*\.$/);
      expect(explainRule(code)).toContain(title);
    }
    expect(explainRule('no-such-rule')).toBeUndefined();
  });

  it('names only rules that there are', () => {
    for (const code of ruleTitles.keys()) {
      const named = [...explainRule(code)!.matchAll(/see `([a-z-]+)`|by `([a-z-]+)`|and `([a-z-]+)`/g)];
      for (const [, ...names] of named) {
        const name = names.find((one) => one !== undefined)!;
        if (name.includes('-')) expect(ruleTitles.has(name), `${name}, named by ${code}`).toBe(true);
      }
    }
  });
});

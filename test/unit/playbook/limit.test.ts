import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiled, resourcesOf } from './estate.ts';

const hosts = ['web-a', 'web-b', 'db-a.example.org'] as const;

/** Templates that look at other hosts in every way there is. */
const templates = [
  '{{ ansible_play_hosts | join(",") }}',
  '{{ ansible_play_hosts_all | length }}',
  '{{ groups.all | map("extract", hostvars, "number") | list }}',
  '{% for h in groups.web %}{{ hostvars[h].ansible_host }}{% endfor %}',
  '{{ groups["web"] | difference([inventory_hostname]) | first }}',
  '{{ facts.os_id }}',
];

describe('--limit', () => {
  it('never changes what is rendered for the hosts it chooses', () => {
    fc.assert(
      fc.property(
        fc.subarray([...hosts], { minLength: 1 }),
        fc.array(fc.constantFrom(...templates), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('all', 'web', 'web:db', 'all:!web-b'),
        fc.constantFrom('1', '2', '"50%"', '[1, 2]'),
        (chosen, texts, pattern, serial) => {
          const tasks = texts.map((text, index) => ({ file: { path: `/${index}`, content: `${text}.` } }));
          const files = { 'site.yml': JSON.stringify([{ hosts: pattern, serial: JSON.parse(serial), tasks }]) };
          const facts = (host: string) => ({ os_id: `os of ${host}` });
          const whole = compiled(files, { facts });
          const limited = compiled(files, {
            limit: chosen.join(','),
            facts: (host) => (chosen.includes(host as never) ? facts(host) : undefined),
          });
          for (const host of hosts) {
            expect(resourcesOf(limited, host)).toEqual(chosen.includes(host) ? resourcesOf(whole, host) : []);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

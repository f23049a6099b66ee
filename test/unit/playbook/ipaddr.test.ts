import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/jinja/jinja.ts';
import { filters, tests } from '../../../src/playbook/filters.ts';

const value = (expression: string) =>
  parseExpression(expression, { filters, tests }).evaluate({ lookup: () => undefined });

describe('addresses in templates', () => {
  it.each([
    [`'10.0.0.11' | ipaddr`, '10.0.0.11'],
    [`'10.0.0.11/24' | ipaddr`, '10.0.0.11/24'],
    [`'10.0.0.300' | ipaddr`, false],
    [`'10.1' | ipaddr`, false],
    [`'010.0.0.1' | ipaddr`, false],
    [`'10.0.0.1/08' | ipaddr`, false],
    [`'web-a' | ipaddr`, false],
    [`5 | ipaddr`, false],
    [`'10.0.0.11/24' | ipaddr('address')`, '10.0.0.11'],
    [`'10.0.0.11' | ipaddr('address')`, '10.0.0.11'],
    [`'10.0.0.0/24' | ipaddr('address')`, false],
    [`'10.0.0.10/31' | ipaddr('address')`, '10.0.0.10'],
    [`'10.0.0.11/24' | ipaddr('network')`, '10.0.0.0'],
    [`'10.0.0.11/24' | ipaddr('netmask')`, '255.255.255.0'],
    [`'10.0.0.11/24' | ipaddr('broadcast')`, '10.0.0.255'],
    [`'10.0.0.11/24' | ipaddr('prefix')`, 24],
    [`'10.0.0.11/24' | ipaddr('subnet')`, '10.0.0.0/24'],
    [`'10.0.0.11/24' | ipaddr('network/prefix')`, '10.0.0.0/24'],
    [`'10.0.0.11/24' | ipaddr('host')`, '10.0.0.11/24'],
    [`'10.0.0.11/24' | ipaddr('host/prefix')`, '10.0.0.11/24'],
    [`'10.0.0.11/24' | ipaddr('size')`, 256],
    [`'10.0.0.11' | ipaddr('int')`, 167772171],
    [`'10.0.0.0/24' | ipaddr('int')`, '167772160/24'],
    [`'10.0.0.0/24' | ipaddr('net')`, '10.0.0.0/24'],
    [`'10.0.0.11/24' | ipaddr('net')`, false],
    [`'10.0.0.11/24' | ipaddr('type')`, 'address'],
    [`'10.0.0.0/24' | ipaddr(1)`, '10.0.0.1/24'],
    [`'10.0.0.0/24' | ipaddr(-1)`, '10.0.0.255/24'],
    [`'10.0.0.0/24' | ipaddr(256)`, false],
    [`'10.0.0.11' | ipaddr('10.0.0.0/8')`, '10.0.0.11'],
    [`'192.0.2.1' | ipaddr('10.0.0.0/8')`, false],
    [`'10.0.0.11' | ipaddr('private')`, '10.0.0.11'],
    [`'10.0.0.11' | ipaddr('public')`, false],
    [`'8.8.8.8' | ipaddr('public')`, '8.8.8.8'],
    [`'2001:db8::1/64' | ipaddr('network')`, '2001:db8::'],
    [`'2001:db8::1/64' | ipaddr('version')`, 6],
    [`'2001:db8::/64' | ipaddr(17)`, '2001:db8::11/64'],
    [`'fd00::1' | ipaddr('private')`, 'fd00::1'],
    [`'2001:db8::1' | ipv4`, false],
    [`'2001:db8::1' | ipv6`, '2001:db8::1'],
    [`['10.0.0.1', 'x', '2001:db8::1'] | ipv4`, ['10.0.0.1']],
    [`['10.0.0.1/24', 'x', 'y'] | ipaddr('address')`, ['10.0.0.1']],
    [`'2001:db8::1' | ipwrap`, '[2001:db8::1]'],
    [`'2001:db8::1/64' | ipwrap`, '[2001:db8::1]/64'],
    [`'10.0.0.1' | ipwrap`, '10.0.0.1'],
    [`'web-a' | ipwrap`, 'web-a'],
    [`'10.0.0.0/24' | nthhost(5)`, '10.0.0.5'],
    [`'10.0.0.0/24' | nthhost(-2)`, '10.0.0.254'],
    [`'10.0.0.1' is ip`, true],
    [`'10.0.0.0/24' is ip`, false],
    [`'10.0.0.1' is in_network('10.0.0.0/24')`, true],
    [`'10.0.1.1' is in_network('10.0.0.0/24')`, false],
    [`'2001:db8::1' is in_network('10.0.0.0/24')`, false],
  ])('%s is %j', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    [`'10.0.0.1' | ipaddr('netmaks')`, '"netmaks" cannot be asked of an address'],
    [`'10.0.0.1' is in_network('ten')`, '"ten" is not a network'],
  ])('%s is refused', (expression, words) => {
    expect(() => value(expression)).toThrow(words);
  });
});

describe('from_yaml', () => {
  it('reads text as YAML files are read', () => {
    expect(value(`"a: [1, yes]\nb: {c: x}" | from_yaml`)).toEqual({ a: [1, true], b: { c: 'x' } });
  });

  it('says what is wrong with the text', () => {
    expect(() => value(`"a: [" | from_yaml`)).toThrow("'from_yaml' failed");
  });
});

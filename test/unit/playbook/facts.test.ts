import { execFileSync, spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  type BuiltInFact,
  builtInFacts,
  builtInProbe,
  declaredProbe,
  type FactType,
} from '../../../src/playbook/facts.ts';
import { placed } from '../../../src/playbook/written.ts';

const at = { file: 'site.yml', line: 4, col: 5 };
const answer = (stdout: string, code = 0, stderr = '') => ({ code, stdout, stderr });
const read = (type: FactType, given: ReturnType<typeof answer>) =>
  declaredProbe({ name: 'it', type, command: placed('true', at), at }, 'true').parse(given);

describe('declared facts', () => {
  it.each<[FactType, string, unknown]>([
    ['string', 'a b\n', 'a b'],
    ['string', '', ''],
    ['int', ' 42\n', 42],
    ['int', '-7\n', -7],
    ['float', '1.5\n', 1.5],
    ['json', '{"a": [1]}\n', { a: [1] }],
    ['lines', 'a\n\nb\n', ['a', 'b']],
    ['bool', 'whatever', true],
  ])('%s reads %j as %j', (type, stdout, value) => {
    expect(read(type, answer(stdout))).toEqual({ ok: true, value, warnings: [] });
  });

  it('reads exit code 1 of a bool as false', () => {
    expect(read('bool', answer('', 1))).toEqual({ ok: true, value: false, warnings: [] });
  });

  it.each<[FactType, ReturnType<typeof answer>, string]>([
    ['int', answer('12 GiB\n'), 'The fact "it" should be a whole number, but its command printed "12 GiB".'],
    [
      'int',
      answer('a-long-secret\n'),
      'The fact "it" should be a whole number, but its command printed 13 characters that are none.',
    ],
    ['json', answer('{'), 'The fact "it" should be JSON, but its command printed "{".'],
    ['string', answer('', 2), 'The fact "it" could not be found out: its command ended with 2.'],
    [
      'bool',
      answer('', 127),
      'The fact "it" could not be found out: its command ended with 127, neither 0 (true) nor 1 (false).',
    ],
  ])('%s refuses what it cannot read', (type, given, what) => {
    const outcome = read(type, given);
    expect(outcome.ok ? [] : outcome.faults).toMatchObject([{ what, at }]);
  });

  it('shows what the command said', () => {
    const outcome = read('string', answer('', 1, 'df: /data: No such file or directory\n'));
    expect(outcome.ok ? [] : outcome.faults).toMatchObject([{ output: 'df: /data: No such file or directory' }]);
  });
});

describe('facts of every host', () => {
  const route = '1.1.1.1 via 10.0.0.1 dev eth0 src 10.0.0.11 uid 0 \n    cache \n';
  const addresses = [
    '2: eth0    inet 10.0.0.11/24 brd 10.0.0.255 scope global eth0\\       valid_lft forever preferred_lft forever',
    '2: eth0    inet 10.0.0.11/24 scope global secondary eth0\\       valid_lft forever preferred_lft forever',
    '3: tun0    inet 10.0.0.1 peer 10.8.0.2/32 scope global tun0\\       valid_lft forever preferred_lft forever',
    '2: eth0    inet6 2001:db8::1/64 scope global \\       valid_lft forever preferred_lft forever',
  ];
  it.each<[string, string, unknown]>([
    ['hostname', 'mon a 6.1.0-28-amd64 x86_64\n', 'mon a'],
    ['kernel', 'mon a 6.1.0-28-amd64 x86_64\n', '6.1.0-28-amd64'],
    ['arch', 'mon-a 6.1.0-28-amd64 x86_64\n', 'x86_64'],
    ['os_id', 'debian\n12\nbookworm\n', 'debian'],
    ['os_version', 'arch\n\n\n', null],
    ['os_codename', 'debian\n12\nbookworm\n', 'bookworm'],
    ['default_interface', route, 'eth0'],
    ['default_address', route, '10.0.0.11'],
    ['default_address', '', null],
    ['addresses', `${addresses.join('\n')}\n`, ['10.0.0.1', '10.0.0.11', '2001:db8::1']],
    ['addresses', '', []],
  ])('%s is read from %j', (name, stdout, value) => {
    const probe = builtInProbe(builtInFacts.find((fact) => fact.name === name)!);
    expect(probe.parse(answer(stdout))).toEqual({ ok: true, value, warnings: [] });
  });
});

const shells = ['sh', 'dash', 'bash', 'busybox'].filter((shell) => spawnSync(shell, ['--help']).error === undefined);

describe.each(shells)('the facts of every host in %s', (shell) => {
  const known = (fact: BuiltInFact): unknown => {
    const argv = shell === 'busybox' ? ['sh'] : [];
    const { status, stdout, stderr } = spawnSync(shell, argv, { input: fact.script.text, encoding: 'utf8' });
    const outcome = builtInProbe(fact).parse({ code: status ?? -1, stdout, stderr });
    return outcome.ok ? outcome.value : outcome.faults;
  };

  it.each(builtInFacts.map((fact) => [fact.name, fact] as const))('%s has the type it says, or is null', (_, fact) => {
    const value = known(fact);
    const types: Readonly<Record<string, (one: unknown) => boolean>> = {
      string: (one) => one === null || (typeof one === 'string' && one !== '' && !one.includes('\n')),
      int: (one) => Number.isInteger(one) && (one as number) > 0,
      lines: (one) => Array.isArray(one) && one.every((line) => /^[0-9a-f.:]+$/.test(line)),
    };
    expect({ value, fits: types[fact.type]!(value) }).toEqual({ value, fits: true });
  });

  it('agree with what this machine says of itself', () => {
    const of = (name: string) => known(builtInFacts.find((fact) => fact.name === name)!);
    expect(of('hostname')).toBe(hostname());
    expect(of('kernel')).toBe(execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim());
    expect(of('arch')).toBe(execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim());
  });
});

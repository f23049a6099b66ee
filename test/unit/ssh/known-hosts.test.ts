import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  judge,
  knownHosts,
  knownName,
  knownTypes,
  linesFor,
  matchesHost,
  parseKnownHosts,
} from '../../../src/ssh/known-hosts.ts';

// Real processes on a busy machine: slow is not wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const keyOf = (type: string, body: string) => {
  const name = Buffer.from(type);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(name.length);
  return Buffer.concat([head, name, Buffer.from(body.padEnd(32, '.'))]);
};
const ed = keyOf('ssh-ed25519', 'one');
const otherEd = keyOf('ssh-ed25519', 'two');
const rsa = keyOf('ssh-rsa', 'three');
const line = (hosts: string, key: Buffer, marker = '') =>
  `${marker}${hosts} ${key.toString('latin1', 4, 4 + key.readUInt32BE(0))} ${key.toString('base64')}`;
const hashed = (name: string) => {
  const salt = Buffer.from('0123456789abcdef0123');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};
const verdict = (text: string, host: string, port: number, key: Buffer) =>
  judge(linesFor([knownHosts(parseKnownHosts(text, 'known_hosts'))], host, port), key).kind;

describe('parseKnownHosts', () => {
  it('passes over comments, SSH 1 keys, unknown markers and lines without sense', () => {
    const text = [
      '# all',
      '',
      'old 1024 35 1234567',
      '@weird h ssh-ed25519 AAAA',
      'h ssh-ed25519',
      `  ${line('a,b', ed)} me@x`,
    ];
    expect(parseKnownHosts(text.join('\n'), 'f')).toEqual([
      { file: 'f', line: 6, marker: undefined, hosts: 'a,b', type: 'ssh-ed25519', key: ed.toString('base64') },
    ]);
  });
});

describe('matchesHost', () => {
  it.each([
    ['mon-a', 'mon-a', true],
    ['mon-a', 'mon-ab', false],
    ['MON-a,x', 'mon-a', true],
    ['x,mon-?', 'mon-a', true],
    ['*.example.org', 'a.example.org', true],
    ['*.example.org', 'aXexample.org', false],
    ['*.example.org,!b.example.org', 'b.example.org', false],
    ['!b.example.org,*.example.org', 'a.example.org', true],
    ['!a', 'b', false],
    ['[mon-a]:2222', '[mon-a]:2222', true],
    ['[*]:2222', '[mon-a]:2222', true],
    [hashed('mon-a'), 'mon-a', true],
    [hashed('[mon-a]:2222'), '[mon-a]:2222', true],
    [hashed('mon-a'), 'mon-b', false],
    ['|2|abc|def', 'mon-a', false],
  ])('%s on %s: %s', (hosts, name, expected) => {
    expect(matchesHost(hosts, name)).toBe(expected);
  });

  const keygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
  it.skipIf(!keygen)(`agrees with ssh-keygen -F${keygen ? '' : ' (skipped: ssh-keygen is not installed)'}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'hadeploy-known-'));
    const file = join(folder, 'known_hosts');
    const word = fc.stringMatching(/^[ab.*?]{1,4}$/);
    const name = fc.stringMatching(/^[ab.]{1,4}$/);
    const hosts = fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .array(
            fc.tuple(fc.constantFrom('', '', '!'), word).map((parts) => parts.join('')),
            { minLength: 1, maxLength: 3 },
          )
          .map((list) => list.join(',')),
      },
      name.map(hashed),
    );
    try {
      fc.assert(
        fc.property(hosts, name, (field, host) => {
          writeFileSync(file, `${line(field, ed)}\n`);
          const found = spawnSync('ssh-keygen', ['-F', host, '-f', file], { encoding: 'utf8' }).stdout.includes(
            'found: line 1',
          );
          expect(matchesHost(field, host)).toBe(found);
        }),
        { numRuns: 60 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.skipIf(!keygen)('reads what ssh-keygen -H wrote', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hadeploy-known-'));
    const file = join(folder, 'known_hosts');
    writeFileSync(file, `${line('mon-a', ed)}\n${line('[mon-a]:2222', rsa)}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    const text = execFileSync('cat', [file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(text).toContain('|1|');
    expect(verdict(text, 'mon-a', 22, ed)).toBe('trusted');
    expect(verdict(text, 'mon-a', 2222, rsa)).toBe('trusted');
    expect(verdict(text, 'mon-b', 22, ed)).toBe('unknown');
  });
});

describe('judge', () => {
  it.each([
    ['a known key', line('mon-a', ed), 22, ed, 'trusted'],
    ['no line', line('mon-b', ed), 22, ed, 'unknown'],
    ['another key of the type', line('mon-a', ed), 22, otherEd, 'changed'],
    ['a key of another type than the known one', line('mon-a', rsa), 22, ed, 'changed'],
    ['one of several', `${line('mon-a', rsa)}\n${line('mon-a', ed)}`, 22, ed, 'trusted'],
    ['a revoked key, known elsewhere', `${line('mon-a', ed)}\n${line('*', ed, '@revoked ')}`, 22, ed, 'revoked'],
    ['another key revoked', `${line('mon-a', ed)}\n${line('*', otherEd, '@revoked ')}`, 22, ed, 'trusted'],
    ['an authority alone', line('mon-*', rsa, '@cert-authority '), 22, ed, 'certificate-only'],
    ['an authority and the key', `${line('mon-*', rsa, '@cert-authority ')}\n${line('mon-a', ed)}`, 22, ed, 'trusted'],
    [
      "the authority's own key shown as a host key",
      line('mon-*', rsa, '@cert-authority '),
      22,
      rsa,
      'certificate-only',
    ],
    ['a port of its own', line('[mon-a]:2222', ed), 2222, ed, 'trusted'],
    ['the port of another', line('[mon-a]:2222', ed), 22, ed, 'unknown'],
    ['the key under the bare name', line('mon-a', ed), 2222, ed, 'trusted'],
    ['another key under the bare name', line('mon-a', ed), 2222, otherEd, 'unknown'],
    [
      'a key revoked under the bare name',
      `${line('[mon-a]:2222', ed)}\n${line('mon-a', ed, '@revoked ')}`,
      2222,
      ed,
      'revoked',
    ],
  ])('%s', (_name, text, port, key, expected) => {
    expect(verdict(text, 'mon-a', port, key)).toBe(expected);
  });

  it('offers the types that are known for the very port', () => {
    const text = `${line('mon-a', rsa)}\n${line('[mon-a]:2222', ed)}\n${line('mon-a', ed, '@revoked ')}`;
    const types = (port: number) => knownTypes(linesFor([knownHosts(parseKnownHosts(text, 'f'))], 'mon-a', port));
    expect([types(22), types(2222), types(3333)]).toEqual([['ssh-rsa'], ['ssh-ed25519'], ['ssh-rsa']]);
  });
});

it('names a host as known_hosts does', () => {
  expect([knownName('Mon-A', 22), knownName('10.0.0.1', 2222), knownName('fe80::1', 2222)]).toEqual([
    'mon-a',
    '[10.0.0.1]:2222',
    '[fe80::1]:2222',
  ]);
});

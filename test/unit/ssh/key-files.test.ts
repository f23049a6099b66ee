import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, verify } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { keyFiles, publicLineIn } from '../../../src/ssh/key-files.ts';
import { makeKey } from './sshd.ts';

// Real processes on a busy machine: slow is not wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'hadeploy-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));
const load = keyFiles(undefined);
const publicHalf = (path: string) => readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');

it.each(['ed25519', 'ecdsa', 'rsa'])('finds the public half of an encrypted %s key without its passphrase', (type) => {
  const path = join(folder, type);
  makeKey(path, type, 'sesame');
  expect(publicLineIn(readFileSync(path, 'utf8'))).toBe(publicHalf(path));
});

it.each([
  ['ecdsa', ['-b', '256'], undefined, 'sha256'],
  ['ecdsa', ['-b', '384'], undefined, 'sha384'],
  ['ecdsa', ['-b', '521'], undefined, 'sha512'],
  ['rsa', [], 'sha512', 'sha512'],
] as const)('signs with %s %j, asked for %s', async (type, format, hash, digest) => {
  const path = join(folder, `${type}${format.join('')}-signs`);
  makeKey(path, type, '', [...format, '-m', 'PEM']);
  const file = await load(path);
  const key = 'open' in file && (await file.open());
  if (typeof key !== 'object') throw new Error(`${path} did not open`);
  const publicKey = execFileSync('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', path], { encoding: 'utf8' });
  const data = Buffer.from('what is to be proved');
  expect(verify(digest, data, publicKey, key.sign(data, hash))).toBe(true);
});

it('takes a public key alone, for an agent that holds the other half', async () => {
  makeKey(join(folder, 'whole'), 'ed25519');
  copyFileSync(join(folder, 'whole.pub'), join(folder, 'half'));
  const key = await load(join(folder, 'half'));
  expect(key).toMatchObject({ publicLine: publicHalf(join(folder, 'whole')), isEncrypted: false });
  expect('open' in key && (await key.open())).toBe('public-only');
});

it('says why a file is no key', async () => {
  writeFileSync(join(folder, 'text'), 'hello');
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'pkcs8'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  expect(await load(join(folder, 'text'))).toMatchObject({ missing: false, why: 'it holds no SSH key' });
  expect(await load(join(folder, 'pkcs8'))).toMatchObject({
    missing: false,
    why: expect.stringContaining('ssh-keygen -p'),
  });
  expect(await load(join(folder, 'nowhere'))).toMatchObject({ missing: true });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hostKeys } from '../../../src/ssh/host-keys.ts';
import type { Hop } from '../../../src/ssh/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'hadeploy-host-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));
const key = Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.alloc(36, 7)]);
const hopWith = (file: string, rule: Hop['hostKeys'] = 'strict'): Hop => ({
  host: 'mon-a',
  label: 'root@mon-a:22',
  address: 'mon-a',
  port: 22,
  user: 'root',
  knownAs: 'mon-a',
  knownHostsFiles: [file],
  hostKeys: rule,
  identityFiles: [],
  identityNamed: false,
  requiredKeyFile: undefined,
  identitiesOnly: false,
  agentSocket: undefined,
  password: undefined,
  timeoutMs: 1000,
});

describe('the check of a host key', () => {
  it('answers through its callback and returns nothing: ssh2 takes a returned promise for a yes', () => {
    const check = hostKeys().checkFor(hopWith(join(folder, 'none')));
    const answers: boolean[] = [];
    const verify = check.verify as (shown: Buffer, answer: (good: boolean) => void) => unknown;
    expect(verify(key, (good) => answers.push(good))).toBeUndefined();
    expect(answers).toEqual([false]);
    expect(check.refused()?.verdict.kind).toBe('unknown');
  });

  it('writes nothing before the server has proved its key', () => {
    const file = join(folder, 'later');
    const keys = hostKeys();
    const check = keys.checkFor(hopWith(file, 'accept-new'));
    check.verify(key, () => {});
    expect(keys.checkFor(hopWith(file)).types).toEqual([]);
    check.remember();
    expect(keys.checkFor(hopWith(file)).types).toEqual(['ssh-ed25519']);
    expect(hostKeys().checkFor(hopWith(file)).types).toEqual(['ssh-ed25519']);
  });

  it('refuses to go on without a known_hosts that is there but cannot be read', () => {
    mkdirSync(join(folder, 'a-folder'));
    expect(() => hostKeys().checkFor(hopWith(join(folder, 'a-folder')))).toThrow(/ssh-file-unreadable/);
    writeFileSync(join(folder, 'a-file'), '');
    expect(hostKeys().checkFor(hopWith(join(folder, 'a-file', 'below'))).types).toEqual([]);
  });
});

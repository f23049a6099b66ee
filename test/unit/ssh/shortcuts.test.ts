import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sh } from '../../../src/posix/script.ts';
import { Secret } from '../../../src/posix/secret.ts';
import { sshTransport } from '../../../src/ssh/transport.ts';
import { type Delay, delayTo } from '../../lab/bench/delay.ts';
import { median } from '../../lab/bench/measure.ts';
import { makeKey, type Sshd, sshdMissing, startSshd } from './sshd.ts';

const title = `the round trips of a login to a real sshd${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`;

describe.skipIf(sshdMissing)(title, () => {
  const folder = mkdtempSync(join(tmpdir(), 'hadeploy-shortcuts-'));
  let sshd: Sshd;
  let far: Delay;
  beforeAll(async () => {
    sshd = await startSshd([], ['ed25519', 'rsa']);
    far = await delayTo([{ address: '127.0.0.1', port: sshd.port }], '127.0.0.1', 40);
    for (const [name, type, passphrase] of [
      ['open', 'ed25519', ''],
      ['locked', 'ed25519', 'open sesame'],
      ['rsa', 'rsa', ''],
      ['foreign', 'ed25519', ''],
    ] as const) {
      makeKey(join(folder, name), type, passphrase);
      if (name !== 'foreign')
        appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(join(folder, `${name}.pub`)));
    }
  });
  afterAll(async () => {
    far.close();
    await sshd.stop();
    rmSync(folder, { recursive: true });
  });

  /** Logs in from afar with these keys at their usual places, runs a word; how often we had to speak until it was there. */
  async function turnsWith(keys: Readonly<Record<string, string>>): Promise<number> {
    const home = mkdtempSync(join(folder, 'home-'));
    const port = far.ports[0]!;
    mkdirSync(join(home, '.ssh'));
    for (const [place, name] of Object.entries(keys)) copyFileSync(join(folder, name), join(home, '.ssh', place));
    const known = sshd.hostKeyLine().replace(`:${sshd.port} `, `:${port} `);
    writeFileSync(join(home, '.ssh', 'known_hosts'), known);
    far.traffic();
    const transport = sshTransport({ home, prompt: async () => new Secret('open sesame') });
    const connection = await transport.connect({ ...sshd.target, port }, new AbortController().signal);
    expect(await connection.exec(sh`echo in`, { become: false, timeoutS: 10 })).toMatchObject({ stdout: 'in\n' });
    const { turns } = far.traffic();
    await connection.close();
    return turns;
  }

  // Connecting, version, two for the key exchange, the key, channel, command, script.
  const shortest = 8;
  it.each([
    ['a key that lies open is not asked about', { id_ed25519: 'open' }, shortest],
    ['an encrypted one is, since somebody would be asked for its passphrase', { id_ed25519: 'locked' }, shortest + 1],
    ['one of RSA waits until it knows how the server wants it to sign', { id_rsa: 'rsa' }, shortest + 1],
    ['a refused one costs one more', { id_ed25519: 'foreign', id_rsa: 'rsa' }, shortest + 1],
  ])('%s', async (_, keys, expected) => {
    // A busy machine may tear apart what was sent at once, or put together what came one after the other.
    const turns = [await turnsWith(keys), await turnsWith(keys), await turnsWith(keys)];
    expect(median(turns)).toBe(expected);
  });
});

import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFile as readFileThen } from 'node:fs';
import { promisify } from 'node:util';
import ssh2, { type ParsedKey } from 'ssh2';
import type { Secret } from '../posix/secret.ts';
import { slots } from './slots.ts';

/** A private key on disk, read once per run and shared by all hosts. */
export interface KeyFile {
  readonly path: string;
  /** Public half as an OpenSSH line; undefined when it cannot be known without a passphrase. */
  readonly publicLine: string | undefined;
  readonly isEncrypted: boolean;
  /** The private key, or why there is none. An encrypted one asks for its passphrase the first time. */
  open(): Promise<PrivateKey | Unopened>;
}

/** A private key that can be used. */
export interface PrivateKey {
  /** Its public half as an OpenSSH line. */
  readonly publicLine: string;
  /** `hash` is for RSA; the other types have one of their own. */
  sign(data: Buffer, hash: string | undefined): Buffer;
}

/** Why a key could not be opened. */
export type Unopened = 'no-terminal' | 'wrong-passphrase' | 'public-only';

/** A file that holds no key hadeploy can use. */
export interface NoKey {
  readonly path: string;
  readonly missing: boolean;
  readonly why: string;
}

/** Asks the user for a passphrase; undefined where there is nobody to ask. */
export type Prompt = (question: string) => Promise<Secret | undefined>;

const triesPerKey = 3;

// node:fs/promises takes a hundredth of a second to load.
const readFile = promisify(readFileThen);

/** Reads key files, each once: bcrypt costs half a second for every time an encrypted key is opened. */
export function keyFiles(prompt: Prompt | undefined): (path: string) => Promise<KeyFile | NoKey> {
  const files = new Map<string, Promise<KeyFile | NoKey>>();
  const oneQuestion = slots(1);

  async function load(path: string): Promise<KeyFile | NoKey> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return { path, missing: code === 'ENOENT', why: String(code) };
    }
    const parsed = parse(text);
    if (!(parsed instanceof Error)) {
      const opened = parsed.isPrivateKey() ? privateKey(parsed) : 'public-only';
      return { path, publicLine: lineOf(parsed), isEncrypted: false, open: async () => opened };
    }
    if (!/no passphrase given/.test(parsed.message)) return { path, missing: false, why: reason(text, parsed) };
    let opened: Promise<PrivateKey | Unopened> | undefined;
    return {
      path,
      publicLine: publicLineIn(text) ?? (await publicLineBeside(path)),
      isEncrypted: true,
      open: () => (opened ??= oneQuestion(() => unlock(path, text))),
    };
  }

  async function unlock(path: string, text: string): Promise<PrivateKey | Unopened> {
    for (let tries = 1; tries <= triesPerKey; tries++) {
      const secret = await prompt?.(`${tries > 1 ? 'That was wrong. ' : ''}Passphrase for ${path}: `);
      if (secret === undefined) return tries === 1 ? 'no-terminal' : 'wrong-passphrase';
      const key = parse(text, secret.reveal());
      if (!(key instanceof Error)) return privateKey(key);
    }
    return 'wrong-passphrase';
  }

  return (path) => {
    const file = files.get(path) ?? load(path);
    files.set(path, file);
    return file;
  };
}

/** ssh2 would read the key's text again for each signature, which takes ten times as long as signing. */
function privateKey(parsed: ParsedKey): PrivateKey {
  let key: KeyObject | undefined;
  return {
    publicLine: lineOf(parsed),
    sign(data, hash) {
      key ??= createPrivateKey(parsed.getPrivatePEM());
      return sign(hash ?? ownHashes[parsed.type], data, key);
    },
  };
}

/** What the types that have but one way to sign make a digest with; ed25519 does so by itself. */
const ownHashes: Readonly<Record<string, string>> = {
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
  'ssh-rsa': 'sha1',
  'ssh-dss': 'sha1',
};

function parse(text: string, passphrase?: string): ParsedKey | Error {
  const parsed: ParsedKey | readonly ParsedKey[] | Error = ssh2.utils.parseKey(text, passphrase);
  if (parsed instanceof Error) return parsed;
  return Array.isArray(parsed) ? parsed[0]! : parsed;
}

/** A public key as the line that stands in authorized_keys. */
export function lineOf(key: ParsedKey): string {
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

/** The public half of an encrypted key in OpenSSH's own format, where it stands in clear. */
export function publicLineIn(pem: string): string | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(pem)?.[1];
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body, 'base64');
  let at = 'openssh-key-v1\0'.length;
  const take = (): Buffer => {
    const length = bytes.readUInt32BE(at);
    const field = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return field;
  };
  try {
    // Cipher, key derivation and its options; then the number of keys, always 1.
    for (let field = 0; field < 3; field++) take();
    at += 4;
    const key = take();
    return `${key.toString('latin1', 4, 4 + key.readUInt32BE(0))} ${key.toString('base64')}`;
  } catch {
    return undefined;
  }
}

async function publicLineBeside(path: string): Promise<string | undefined> {
  try {
    const parsed = parse(await readFile(`${path}.pub`, 'utf8'));
    return parsed instanceof Error ? undefined : lineOf(parsed);
  } catch {
    return undefined;
  }
}

function reason(text: string, error: Error): string {
  if (/BEGIN (ENCRYPTED )?PRIVATE KEY/.test(text)) return 'it is in PKCS#8 format; ssh-keygen -p -f FILE rewrites it';
  return text.includes('PRIVATE KEY') ? `the SSH library says: ${error.message}` : 'it holds no SSH key';
}

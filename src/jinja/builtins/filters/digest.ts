import { createHash, getHashes } from 'node:crypto';
import { valueFailure } from '../../fault.ts';
import { str } from '../../python/python-text.ts';
import { anyText, text } from '../arguments.ts';
import { filter, type Operations } from '../builtin.ts';

/** Filters that encode or digest text. */
export const DIGEST_FILTERS: Operations = {
  b64decode: filter(['encoding?'], (input, [encoding]) => decoded(str(input), anyText(encoding, 'utf-8'))),
  b64encode: filter(['encoding?'], (input, [encoding]) =>
    encodedBytes(str(input), anyText(encoding, 'utf-8')).toString('base64'),
  ),
  checksum: filter([], (input) => digest('sha1', str(input))),
  hash: filter(['hashtype?'], (input, [type]) => digest(text(type, 'sha1'), str(input))),
  md5: filter([], (input) => digest('md5', str(input))),
  sha1: filter([], (input) => digest('sha1', str(input))),
  to_uuid: filter(['namespace?'], (input, [namespace]) =>
    uuid(text(namespace, '361E6D51-FAEC-444A-9079-341386DA8E2E'), str(input)),
  ),
};

/** Python's names of digests that OpenSSL calls otherwise. */
const OPENSSL_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({ blake2b: 'blake2b512', blake2s: 'blake2s256' }),
);

function digest(type: string, value: string): string {
  const name = OPENSSL_NAMES.get(type) ?? type.toLowerCase().replaceAll('_', '-');
  if (!getHashes().some((known) => known.toLowerCase() === name)) throw valueFailure(`There is no digest '${type}'.`);
  return createHash(name).update(value, 'utf8').digest('hex');
}

const ENCODINGS: ReadonlyMap<string, BufferEncoding> = new Map(
  Object.entries({
    'utf-8': 'utf8',
    utf8: 'utf8',
    'utf-16-le': 'utf16le',
    ascii: 'ascii',
    'latin-1': 'latin1',
  }),
);

function encodedBytes(value: string, encoding: string): Buffer {
  return Buffer.from(value, knownEncoding(encoding));
}

function knownEncoding(encoding: string): BufferEncoding {
  const known = ENCODINGS.get(encoding.toLowerCase());
  if (known === undefined) throw valueFailure(`The encoding '${encoding}' is not known.`);
  return known;
}

function decoded(value: string, encoding: string): string {
  const letters = value.replace(/[^A-Za-z0-9+/=]/g, '');
  if (letters.length % 4 !== 0) throw valueFailure("'b64decode' was given text that is not base64.");
  const bytes = Buffer.from(letters, 'base64');
  if (knownEncoding(encoding) !== 'utf8') return bytes.toString(knownEncoding(encoding));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw valueFailure("'b64decode' gives bytes that are not text.");
  }
}

/** A name-based UUID (version 5). */
function uuid(namespace: string, name: string): string {
  const space = namespace.replaceAll('-', '');
  if (!/^[\da-fA-F]{32}$/.test(space)) throw valueFailure("The namespace of 'to_uuid' is not a UUID.");
  const hash = createHash('sha1').update(Buffer.from(space, 'hex')).update(name, 'utf8').digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

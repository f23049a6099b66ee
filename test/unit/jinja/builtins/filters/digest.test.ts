import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../../render.ts';

describe('digests and encodings', () => {
  it.each([
    ["'é' | b64encode", 'w6k='],
    ["'w6k=' | b64decode", 'é'],
    ["'' | b64encode", ''],
    ["'a' | hash", '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
    ["'a' | hash('sha256')", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ["'a' | md5", '0cc175b9c0f1b6a831c399e269772661'],
    ["'a' | checksum == 'a' | sha1", true],
    ["'a' | b64encode('utf-16-le')", 'YQA='],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toBe(expected);
  });

  it.each([
    ["'a' | hash('nope')", "There is no digest 'nope'."],
    ["'abc' | b64decode", "'b64decode' was given text that is not base64."],
    ["'/w==' | b64decode", "'b64decode' gives bytes that are not text."],
    ["'a' | b64encode('ebcdic')", "The encoding 'ebcdic' is not known."],
  ])('%s: %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});

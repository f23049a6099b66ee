import type { Shown } from './change.ts';
import { sha256 } from './digest.ts';

/** Bytes up to which a text travels and is shown as a diff: 1 MiB, more than anybody reads. */
export const textLimit = 1_048_576;

/** Why a file longer than `textLimit` cannot be put back. */
export const tooLong = 'its former content is longer than 1 MiB and was not kept';

/** How a plan shows the content of a file: a text as it is, anything else (binary, over `textLimit`) by its digest. */
export function shownContent(content: string | Uint8Array): Shown {
  if (typeof content === 'string' && isPlain(content)) return content;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return textOf(bytes) ?? `sha256:${sha256(bytes)}`;
}

/** Whether a text comes out of UTF-8 as it went in, and surely is not too long: none of its units takes more than three bytes. */
function isPlain(text: string): boolean {
  return text.length * 3 <= textLimit && !/[\0\p{Surrogate}]/u.test(text);
}

/** The bytes of a base64 text; undefined when it is none. */
export function base64Bytes(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > textLimit || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A value as JSON on one line; bytes stand as base64. */
export function jsonWithBytes(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (one instanceof Uint8Array ? { $bytes: base64(one) } : one));
}

/** The value of such JSON; throws a SyntaxError where it is none. */
export function parseWithBytes(text: string): unknown {
  return JSON.parse(text, (_key, one: unknown) => (isBytes(one) ? bytes(one.$bytes) : one));
}

function isBytes(value: unknown): value is { readonly $bytes: string } {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === '$bytes';
}

function base64(content: Uint8Array): string {
  return btoa(Array.from(content, (byte) => String.fromCharCode(byte)).join(''));
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

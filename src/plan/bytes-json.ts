/** A value as JSON on one line; bytes stand as base64. */
export function jsonWithBytes(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    one instanceof Uint8Array ? { $bytes: Buffer.from(one).toString('base64') } : one,
  );
}

/** The value of such JSON; throws a SyntaxError where it is none. */
export function parseWithBytes(text: string): unknown {
  return JSON.parse(text, (_key, one: unknown) =>
    isBytes(one) ? Uint8Array.from(Buffer.from(one.$bytes, 'base64')) : one,
  );
}

function isBytes(value: unknown): value is { readonly $bytes: string } {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === '$bytes';
}

import { createHash } from 'node:crypto';

/** A name for a schema by all that it says: the same in the build and in the program that was built. */
export function fingerprint(schema: object): string {
  return `s${createHash('sha1').update(JSON.stringify(schema)).digest('hex')}`;
}

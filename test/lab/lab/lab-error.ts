/** A fault that the lab's user can act on; its message is one or more whole sentences. */
export class LabError extends Error {
  override readonly name = 'LabError';
}

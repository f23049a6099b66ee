/** A fault that the lab's user can act on; its message is one or more whole sentences. */
export class LabError extends Error {
  override readonly name = 'LabError';
  /** 1: something failed; 3: it was asked wrongly or cannot be done on this machine, and nothing was touched. */
  readonly exitCode: 1 | 3;

  constructor(message: string, exitCode: 1 | 3 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

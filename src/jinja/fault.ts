/** One fault of a template: a sentence for its user, and where it is. Lines and columns count from 1. */
export interface JinjaFault {
  readonly code: FaultCode;
  readonly message: string;
  readonly line: number;
  readonly col: number;
  /** First column after the faulty text, where it ends on the same line. */
  readonly endCol?: number;
  /** Name of the template, as given in its options. */
  readonly template?: string;
  /** Name of the undefined variable. */
  readonly name?: string;
  /** What the user may do about it. */
  readonly mend?: string;
}

export type FaultCode = 'syntax' | 'undefined' | 'type' | 'unsupported' | 'runtime';

/** The one error this room throws; `fault` has the facts, `message` puts the place before the sentence. */
export class JinjaError extends Error {
  readonly fault: JinjaFault;
  constructor(fault: JinjaFault, cause?: unknown) {
    super(
      `${fault.template ?? 'template'}:${fault.line}:${fault.col}: ${fault.message}`,
      cause === undefined ? {} : { cause },
    );
    this.name = 'JinjaError';
    this.fault = fault;
  }
}

/** The text of one template, with the name it goes by in messages. */
export interface TemplateText {
  readonly text: string;
  readonly name: string | undefined;
}

/** A stretch of one template's text, in offsets. */
export interface Place {
  readonly source: TemplateText;
  readonly start: number;
  readonly end: number;
}

/** What a fault says beside its sentence. */
export interface FaultExtras {
  readonly name?: string | undefined;
  readonly mend?: string | undefined;
  /** Where it began, if that is not where it was noticed: an undefined name may be used far from where it stands. */
  readonly place?: Place | undefined;
}

/** A fault raised by an operation which does not know its own place; the evaluator adds it. */
export class Failure extends Error {
  readonly code: FaultCode;
  readonly extras: FaultExtras;
  constructor(code: FaultCode, message: string, extras: FaultExtras = {}) {
    super(message);
    this.code = code;
    this.extras = extras;
  }
}

/** A failure of the wrong kind of value. */
export function typeFailure(message: string, mend?: string): Failure {
  return new Failure('type', message, { mend });
}

/** A failure of a value that is of the right kind, but cannot be worked with. */
export function valueFailure(message: string, mend?: string): Failure {
  return new Failure('runtime', message, { mend });
}

/** The error for a fault at a known place. */
export function errorAt(
  place: Place,
  code: FaultCode,
  message: string,
  extras: FaultExtras = {},
  cause?: unknown,
): JinjaError {
  const { text, name } = place.source;
  const lineStart = text.lastIndexOf('\n', place.start - 1) + 1;
  const line = text.slice(0, lineStart).split('\n').length;
  const covered = text.slice(place.start, place.end);
  const oneLine = covered !== '' && !covered.includes('\n');
  const fault: JinjaFault = {
    code,
    message,
    line,
    col: place.start - lineStart + 1,
    ...(oneLine && { endCol: place.end - lineStart + 1 }),
    ...(name !== undefined && { template: name }),
    ...(extras.name !== undefined && { name: extras.name }),
    ...(extras.mend !== undefined && { mend: extras.mend }),
  };
  return new JinjaError(fault, cause);
}

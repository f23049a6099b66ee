/** One output stream of a script: what stands between its start and its end mark, and what came before. */
export interface Capture {
  push(chunk: Buffer): void;
  /** What stood behind the start mark, once it came. */
  started(): string | undefined;
  /** What stood behind the end mark, once it came. */
  ended(): string | undefined;
  /** Talk of the login shell or of sudo before the start mark; the last 8 KiB of it. */
  noise(): string;
  /** Everything between the marks so far, decoded as one piece; no more than the last `most` bytes where that is given. */
  text(most?: number): string;
}

const longestNoise = 8192;
/** Bytes behind a mark until its line ends; the longest that is ever sent are three numbers. */
const longestPayload = 256;
const none: Buffer = Buffer.alloc(0);

/** Cuts a stream at two marks, each of which ends with a payload and a newline; `onBody` gets what stands between as it comes. */
export function capture(start: string, end: string, onBody: (chunk: Buffer) => void): Capture {
  let state: 'before' | 'inside' | 'after' = 'before';
  let held: Buffer = none;
  let noise: Buffer = none;
  const body: Buffer[] = [];
  let startPayload: string | undefined;
  let endPayload: string | undefined;

  const keep = (chunk: Buffer) => {
    if (chunk.length === 0) return;
    if (state === 'before') noise = Buffer.concat([noise, chunk]).subarray(-longestNoise);
    else {
      body.push(chunk);
      onBody(chunk);
    }
  };

  /** Looks for a mark in what is held; lets go of all that cannot be part of one. */
  const cutAt = (token: string): string | undefined => {
    const at = held.indexOf(token);
    const newline = at < 0 ? -1 : held.indexOf('\n', at + token.length);
    if (newline < 0) {
      // A mark whose line does not end is none, and must not be held for ever.
      const isEndless = at >= 0 && held.length - at > token.length + longestPayload;
      const safe = at < 0 ? held.length - beginningOf(token, held) : isEndless ? at + token.length : at;
      keep(held.subarray(0, safe));
      held = held.subarray(safe);
      return undefined;
    }
    keep(held.subarray(0, at));
    const payload = held.toString('latin1', at + token.length, newline);
    held = held.subarray(newline + 1);
    return payload;
  };

  return {
    push(chunk) {
      if (state === 'after') return;
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      if (state === 'before') {
        startPayload = cutAt(start);
        if (startPayload !== undefined) state = 'inside';
      }
      if (state === 'inside') {
        endPayload = cutAt(end);
        if (endPayload !== undefined) state = 'after';
      }
    },
    started: () => startPayload,
    ended: () => endPayload,
    noise: () => Buffer.concat([noise, state === 'before' ? held : none]).toString('utf8'),
    text: (most = Number.POSITIVE_INFINITY) => {
      const parts = [...body, state === 'inside' ? held : none];
      let first = parts.length;
      for (let bytes = 0; first > 0 && bytes < most; ) bytes += parts[--first]!.length;
      const end = Buffer.concat(parts.slice(first));
      return end.subarray(Math.max(0, end.length - most)).toString('utf8');
    },
  };
}

/** How many bytes at the end of `held` may be the beginning of the token. */
function beginningOf(token: string, held: Buffer): number {
  const tail = held.toString('latin1', Math.max(0, held.length - token.length + 1));
  for (let length = tail.length; length > 0; length--) {
    if (token.startsWith(tail.slice(-length))) return length;
  }
  return 0;
}

/** Splits bytes into whole lines, each decoded by itself; `end` gives out a last line without newline. */
export function lineSplitter(onLine: (line: string) => void): { push(chunk: Buffer): void; end(): void } {
  let rest: Buffer[] = [];
  const flush = (last: Buffer) => {
    onLine(Buffer.concat([...rest, last]).toString('utf8'));
    rest = [];
  };
  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        flush(chunk.subarray(from, at));
        from = at + 1;
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
    },
    end() {
      if (rest.length > 0) flush(none);
    },
  };
}

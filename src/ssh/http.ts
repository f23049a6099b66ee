import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { refused } from '../resources/http-judge.ts';
import type { HttpAnswer, HttpAsk } from '../resources/step.ts';

/** Bytes of a body that are kept; the rest is not waited for. */
const bodyLimit = 16 << 20;

/** Opens the stream that a question travels on. */
export type Dial = (host: string, port: number) => Promise<Duplex>;

/** Asks one HTTP question from this machine. Never rejects. */
export function askFromHere(ask: HttpAsk): Promise<HttpAnswer> {
  return answerTo(ask, undefined);
}

/** Asks one HTTP question over a stream from `dial`, or straight from here without one. Never rejects. */
export async function answerTo(ask: HttpAsk, dial: Dial | undefined): Promise<HttpAnswer> {
  const url = URL.canParse(ask.url) ? new URL(ask.url) : undefined;
  if (url?.protocol !== 'http:') return { status: undefined, error: `${ask.url} is not an http:// URL` };
  const late = AbortSignal.timeout(ask.timeoutS * 1000);
  const lateError = { status: undefined, error: `no answer within ${ask.timeoutS} s` } as const;
  const tooLate = new Promise<HttpAnswer>((resolve) => {
    late.addEventListener('abort', () => resolve(lateError), { once: true });
  });
  return Promise.race([conversation(ask, url, dial, late), tooLate]);
}

async function conversation(ask: HttpAsk, url: URL, dial: Dial | undefined, late: AbortSignal): Promise<HttpAnswer> {
  let stream: Duplex | undefined;
  try {
    stream = await dial?.(url.hostname.replace(/^\[|\]$/g, ''), Number(url.port || 80));
    if (late.aborted) return { status: undefined, error: 'too late' };
    return await exchange(ask, url, stream, late);
  } catch (error) {
    return { status: undefined, error: errorText(error as NodeJS.ErrnoException) };
  } finally {
    stream?.destroy();
  }
}

function exchange(ask: HttpAsk, url: URL, stream: Duplex | undefined, late: AbortSignal): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      method: ask.method,
      headers: { ...ask.headers, connection: 'close', ...lengthOf(ask.body) },
      signal: late,
      // With `agent` set, node would look the name up here and ignore the stream.
      ...(stream ? { createConnection: () => stream as never } : { agent: false }),
    });
    asking.on('error', reject);
    asking.once('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const done = () => {
        const body = Buffer.concat(chunks).subarray(0, bodyLimit).toString('utf8');
        resolve({ status: response.statusCode ?? 0, body });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length < bodyLimit) return;
        done();
        response.destroy();
      });
      response.once('end', done);
      response.on('error', reject);
    });
    asking.end(ask.body);
  });
}

function lengthOf(body: string | undefined): Readonly<Record<string, string>> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

function errorText(
  error: NodeJS.ErrnoException & { readonly errors?: readonly Error[]; readonly reason?: unknown },
): string {
  if (error.reason === 1) return 'sshd on the host forbids forwarding (AllowTcpForwarding no)';
  const text = error.message || error.errors?.[0]?.message || String(error.code);
  if (error.code === 'ECONNREFUSED' || /connection refused/i.test(text)) return refused;
  if (error.code === 'ENOTFOUND' || /name or service not known|temporary failure in name/i.test(text))
    return 'the name cannot be resolved';
  if (/socket hang up|aborted|ECONNRESET/.test(text)) return 'the connection was closed before an answer came';
  return text.replace(/^\(SSH\) Channel open failure: /, '');
}

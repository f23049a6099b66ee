import type { Reached } from '../run/ports.ts';
import type { Dial } from './http.ts';

/** What came of a connection that sshd opens for us. Its own refusal to do so says nothing of the other end. */
export async function reachBy(dial: Dial, to: string, port: number, timeoutS: number): Promise<Reached> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reached>((resolve) => {
    timer = setTimeout(() => resolve({ heard: false, why: `no answer within ${timeoutS} s` }), timeoutS * 1000);
  });
  const opened = dial(to, port).then(
    (stream): Reached => {
      stream.destroy();
      return { heard: true };
    },
    (error: Error & { readonly reason?: unknown }): Reached => {
      const text = error.message.replace(/^\(SSH\) Channel open failure: /, '');
      if (/connection refused/i.test(text)) return { heard: true };
      // 2 is "connect failed" (RFC 4254, section 5.1); everything else is sshd's own doing, or the end of the connection.
      return error.reason === 2 ? { heard: false, why: text } : { heard: undefined, why: text };
    },
  );
  try {
    return await Promise.race([opened, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { request } from 'node:http';

/** Where and what to send. */
export interface Knock {
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
  readonly timeout: number;
}

/** Sends a request once, on a connection of its own; gives why it was not answered with 200, undefined when it was. */
export function knock({ address, port, path, method = 'GET', body, timeout }: Knock): Promise<string | undefined> {
  return new Promise((settle) => {
    const sent = request({ host: address, port, path, method, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => done(answer.statusCode === 200 ? undefined : `answer ${answer.statusCode}`));
      answer.on('error', (error) => done(error.message));
    });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer in ${timeout} ms`)), timeout);
    const done = (fault: string | undefined) => {
      clearTimeout(timer);
      settle(fault);
    };
    sent.on('error', (error) => done(error.message));
    sent.end(body);
  });
}

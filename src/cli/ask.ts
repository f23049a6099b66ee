import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Secret } from '../posix/secret.ts';

/** Whether somebody can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** A yes-or-no question on the terminal; anything but yes is no. */
export async function askYes(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await askLine(`${question} [y/N] `, process.stderr)).trim());
}

/** A question whose answer is not echoed; undefined when there is no terminal. */
export async function askSecret(question: string): Promise<Secret | undefined> {
  if (!canAsk()) return undefined;
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  // From here on the terminal shows nothing, so also not what somebody types as soon as the question is there.
  const answer = askLine('', muted);
  process.stderr.write(question);
  const secret = new Secret(await answer);
  process.stderr.write('\n');
  return secret;
}

function askLine(question: string, output: NodeJS.WritableStream): Promise<string> {
  return new Promise((resolve) => {
    const reader = createInterface({ input: process.stdin, output, terminal: true });
    let answer = '';
    reader.question(question, (line) => {
      answer = line;
      reader.close();
    });
    // readline takes Ctrl-C for itself; the run must hear of it.
    reader.on('SIGINT', () => {
      process.emit('SIGINT');
      reader.close();
    });
    reader.on('close', () => resolve(answer));
  });
}

import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import type { Client, ClientChannel } from 'ssh2';
import type { Script } from '../posix/script.ts';
import type { Secret } from '../posix/secret.ts';
import type { ExecResult } from '../run/ports.ts';
import { type Become, commandLine, endToken, killTarget, onStdin, promptText, startToken } from './bootstrap.ts';
import { type Capture, capture, lineSplitter } from './capture.ts';
import type { Intake } from './intake.ts';

/** One script to run over one channel. */
export interface Job {
  readonly script: Script;
  readonly become: Become;
  readonly password: Secret | undefined;
  readonly timeoutMs: number;
  /** Bytes of stdout and stderr together. */
  readonly outputLimit: number;
  readonly intake: Intake;
  readonly onLine: ((line: string) => void) | undefined;
  /** Milliseconds between the bytes that its stdin gets, which stays open until `sayLast`; undefined for an empty stdin. */
  readonly beatMs?: number;
}

/** How a session ended. */
export type SessionEnd =
  | { readonly kind: 'ran'; readonly result: ExecResult; readonly kill: string | undefined }
  /** sshd opened no channel; no script ran. */
  | { readonly kind: 'no-channel'; readonly detail: string }
  /** The login shell or sudo ended, or took too long, before the script began. */
  | {
      readonly kind: 'not-started';
      readonly code: number | undefined;
      readonly stdout: string;
      readonly stderr: string;
      readonly askedAgain: boolean;
    };

/** A session: how it ended, and when its channel is gone, which may be a little later. */
export interface Session {
  readonly ended: Promise<SessionEnd>;
  readonly closed: Promise<void>;
  /** Sends a script that is kept alive by beats a last word and the end of its stdin. */
  sayLast(word: string): void;
  /** Gives up on the script, as when it has taken too long. */
  abandon(): void;
}

/** What can still be done to a script that runs. */
type Controls = Pick<Session, 'sayLast' | 'abandon'>;

/** Milliseconds that sudo may take to let the script begin. */
const startLimitMs = 60_000;
/** Milliseconds until a channel is closed from here: a child of the script may hold it open. */
const lingerMs = 500;
/** Bytes that login shell and sudo may say before the script begins. */
const talkLimit = 1 << 20;
/** Of a script that said too much only the end is told. */
const quotedBytes = 65_536;
/** What a script that is kept alive gets on its stdin. */
const beat = '.';

/** Runs one script over a channel of its own. Nothing here rejects. */
export function runSession(client: Client, job: Job): Session {
  const mark = `hd${randomBytes(16).toString('hex')}`;
  let finish: (end: SessionEnd) => void = () => {};
  let gone: () => void = () => {};
  const ended = new Promise<SessionEnd>((resolve) => {
    finish = resolve;
  });
  const closed = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const lostBeforeStart = () => {
    finish({ kind: 'ran', result: { code: undefined, stdout: '', stderr: '', lost: 'connection' }, kill: undefined });
    gone();
  };
  let controls: Controls | undefined;
  let lastWord: string | undefined;
  const neverOpened = () => {
    if (controls === undefined)
      finish({ kind: 'ran', result: { code: undefined, stdout: '', stderr: '', lost: 'timeout' }, kill: undefined });
  };
  const late = setTimeout(neverOpened, job.timeoutMs);
  void ended.then(() => clearTimeout(late));
  try {
    client.once('close', lostBeforeStart);
    client.exec(
      commandLine(job.become, mark, job.beatMs === undefined ? undefined : job.script).text,
      (error, channel) => {
        if (error) {
          finish({ kind: 'no-channel', detail: error.message.replace(/^\(SSH\) /, '') });
          gone();
          return;
        }
        client.off('close', lostBeforeStart);
        void ended.then(() => setTimeout(() => channel.close(), lingerMs).unref());
        controls = converse(channel, job, mark, finish, gone);
        if (lastWord !== undefined) controls.sayLast(lastWord);
      },
    );
  } catch {
    lostBeforeStart();
  }
  return {
    ended,
    closed,
    sayLast: (word) => {
      lastWord = word;
      controls?.sayLast(word);
    },
    abandon: () => (controls ? controls.abandon() : neverOpened()),
  };
}

function converse(
  channel: ClientChannel,
  job: Job,
  mark: string,
  finish: (end: SessionEnd) => void,
  gone: () => void,
): Controls {
  const lines = job.onLine && lineSplitter(job.onLine);
  let bytes = 0;
  let exit: number | undefined;
  let hasExit = false;
  let asked = 0;
  let isSent = false;
  let isOver = false;
  let beating: NodeJS.Timeout | undefined;

  const share = job.intake.open(() => stop('output-limit'));
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > (out.started() === undefined ? talkLimit : job.outputLimit)) stop('output-limit');
    else share.take(chunk.length);
  };
  const out: Capture = capture(startToken(mark), endToken(mark), (chunk) => lines?.push(chunk));
  const err: Capture = capture(startToken(mark), endToken(mark), () => {});

  /** Whether this is the first end; the next ones have nothing to say. */
  const isFirstEnd = () => {
    if (isOver) return false;
    isOver = true;
    share.close();
    clearTimeout(limit);
    clearTimeout(startLimit);
    clearInterval(beating);
    return true;
  };
  const ran = (code: number | undefined, lost?: ExecResult['lost']) => {
    if (!isFirstEnd()) return;
    lines?.end();
    const most = lost === 'output-limit' ? quotedBytes : Number.POSITIVE_INFINITY;
    const result = { code, stdout: out.text(most), stderr: err.text(most), ...(lost === undefined ? {} : { lost }) };
    const kill = lost === 'timeout' || lost === 'output-limit' ? killTarget(err.started() ?? '') : undefined;
    finish({ kind: 'ran', result, kill });
  };
  const notStarted = () => {
    if (isFirstEnd())
      finish({ kind: 'not-started', code: exit, stdout: out.noise(), stderr: err.noise(), askedAgain: asked > 1 });
  };
  const stop = (lost: 'timeout' | 'output-limit') => {
    if (lost === 'timeout' && err.started() === undefined && job.become !== 'no') notStarted();
    else ran(undefined, lost);
    // Nobody reads any more: a flood must not fill the memory until the channel is closed.
    channel.removeAllListeners('data').resume();
    channel.stderr.removeAllListeners('data').resume();
    channel.close();
  };
  const limit = setTimeout(() => stop('timeout'), job.timeoutMs);
  const startLimit = setTimeout(() => {
    if (err.started() === undefined && job.become !== 'no') stop('timeout');
  }, startLimitMs);

  const send = () => {
    if (isSent) return;
    isSent = true;
    if (job.beatMs === undefined) channel.end(onStdin(job.script, mark));
    else {
      channel.write(`${onStdin(job.script, mark)}\n`);
      beating = setInterval(() => channel.write(beat), job.beatMs);
    }
  };
  const answerSudo = () => {
    const times = err.noise().split(promptText(mark)).length - 1;
    if (times <= asked) return;
    asked = times;
    if (asked === 1 && job.password !== undefined) channel.write(`${job.password.reveal()}\n`);
    else if (asked > 1) {
      notStarted();
      channel.close();
    }
  };
  const look = () => {
    if (job.become === 'with-password' && !isSent) {
      if (err.started() === undefined) answerSudo();
      else send();
    }
    const code = out.ended();
    if (code !== undefined && err.ended() !== undefined) ran(Number(code));
  };

  channel.on('data', (chunk: Buffer) => {
    out.push(chunk);
    count(chunk);
    look();
  });
  channel.stderr.on('data', (chunk: Buffer) => {
    err.push(chunk);
    count(chunk);
    look();
  });
  channel.on('error', () => {});
  channel.on('exit', (code: number | null, signal?: string) => {
    hasExit = true;
    exit = code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
  });
  channel.on('close', () => {
    if (hasExit && out.started() === undefined && err.started() === undefined) notStarted();
    else if (hasExit) ran(exit);
    else ran(undefined, 'connection');
    gone();
  });
  if (job.become !== 'with-password') send();
  return {
    sayLast: (word) => channel.end(word),
    abandon: () => stop('timeout'),
  };
}

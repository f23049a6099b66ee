import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeSSH } from 'node-ssh';
import type { Client } from 'ssh2';
import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import type { Script } from '../posix/script.ts';
import type { Secret } from '../posix/secret.ts';
import { quoted } from '../run/conversation.ts';
import type { Connection, ExecOptions, ExecResult, Held, HoldOptions } from '../run/ports.ts';
import { type Become, killScript } from './bootstrap.ts';
import { fault } from './faults.ts';
import { answerTo } from './http.ts';
import type { Intake } from './intake.ts';
import { reachBy } from './reach.ts';
import { type Job, runSession, type SessionEnd } from './session.ts';
import { slots } from './slots.ts';
import { sudoFault, type Who } from './sudo.ts';

/** sshd allows 10 sessions on a connection by default; one stays free for what is held, one for ending what hangs. */
const channelsAtOnce = 8;
/** Bytes of stdout and stderr together. */
const outputLimit = 32 << 20;
const killTimeoutMs = 6000;
const killOutputLimit = 65_536;
const closeTimeoutMs = 1000;
/** sshd counts a session for a moment longer than we do. */
const noticeMs = 50;
const noticeTries = 6;
/** Milliseconds that sudo and the shell may take until a held script says its first line. */
const firstLineMs = 60_000;
/** So many beats may stay without a line in return. */
const silentBeats = 3;
/** The longest that a timer can wait. */
const foreverMs = 2 ** 31 - 1;

/** What a connection has in common with the others of its transport. */
export interface Around {
  readonly intake: Intake;
  /** Logs in once more, for a host that allows no second session beside one that is held. */
  readonly another: () => Promise<NodeSSH>;
}

/**
 * A logged-in connection. A script that cannot even begin (no shell, no sudo) rejects with a Refusal; whatever happens
 * to one that began is a result.
 */
export function connectionOver(ssh: NodeSSH, who: Who, becomePassword: Secret | undefined, around: Around): Connection {
  const client: Client = ssh.connection!;
  const atOnce = slots(channelsAtOnce);
  let sudoFailed: Diagnostic | undefined;
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));

  // After `end()`, ssh2's own `destroy()` does nothing, and a socket to a host that is gone would stay for minutes.
  const socket = (client as unknown as { readonly _sock: Duplex })._sock;
  const drop = () => socket.destroy();

  const sessions = sessionsOver(client);
  let held = 0;
  let spare: Promise<{ readonly ssh: NodeSSH; readonly sessions: Sessions }> | undefined;

  /** With `MaxSessions 1`, what is held takes the only session there is, and others need a login of their own. */
  async function sessionsFor(job: Job): Promise<{ readonly end: SessionEnd; readonly by: Sessions }> {
    if (held === 0 || spare === undefined) {
      const end = await sessions.patient(job);
      if (end.kind !== 'no-channel' || held === 0) return { end, by: sessions };
    }
    spare ??= around.another().then((own) => ({ ssh: own, sessions: sessionsOver(own.connection!) }));
    const { sessions: by } = await spare;
    return { end: await by.patient(job), by };
  }

  function becomeWay(options: { readonly become: boolean }): Become {
    if (!options.become || who.user === 'root') return 'no';
    return becomePassword === undefined ? 'silent' : 'with-password';
  }

  async function exec(script: Script, options: ExecOptions): Promise<ExecResult> {
    const become = becomeWay(options);
    // A wrong password is not tried twice: hosts lock users out for that.
    if (become !== 'no' && sudoFailed) throw new Refusal([sudoFailed]);
    const job: Job = {
      script,
      become,
      password: becomePassword,
      timeoutMs: options.timeoutS * 1000,
      outputLimit,
      intake: around.intake,
      onLine: options.onLine,
    };
    const { end, by } = await sessionsFor(job);
    const result = resultOf(end, become);
    if (end.kind === 'ran' && end.kill) {
      const kill = { script: killScript(end.kill), timeoutMs: killTimeoutMs, outputLimit: killOutputLimit };
      await by.one({ ...job, ...kill, onLine: undefined });
    }
    return result;
  }

  /** What a script that began came to; throws for one that could not. */
  function resultOf(end: SessionEnd, become: Become): ExecResult {
    if (end.kind === 'no-channel') throw new Refusal([noSessionFault(who, end.detail)]);
    if (end.kind === 'ran') return end.result;
    if (become === 'no') throw new Refusal([shellFault(who, end)]);
    const { code, stderr: said, askedAgain } = end;
    sudoFailed = sudoFault(who, { code, said, askedAgain, hasPassword: becomePassword !== undefined });
    throw new Refusal([sudoFailed]);
  }

  function hold(script: Script, { become: wanted, beatS, onLine }: HoldOptions): Held {
    const become = becomeWay({ become: wanted });
    // Whatever else hangs on a connection that fell silent is to be known as lost now.
    const fellSilent = () => {
      running.abandon();
      drop();
    };
    const heard = (line: string) => {
      clearTimeout(silence);
      silence = setTimeout(fellSilent, beatS * 1000 * silentBeats);
      onLine(line);
    };
    const job: Job = {
      script,
      become,
      password: becomePassword,
      timeoutMs: foreverMs,
      outputLimit,
      intake: around.intake,
      onLine: heard,
      beatMs: beatS * 1000,
    };
    let running = runSession(client, job);
    let lastWord: string | undefined;
    const begun = async () => {
      for (let left = noticeTries; ; left--) {
        const end = await running.ended;
        if (end.kind !== 'no-channel' || left === 0) return end;
        await sleep(noticeMs);
        running = runSession(client, job);
        if (lastWord !== undefined) running.sayLast(lastWord);
      }
    };
    let silence = setTimeout(fellSilent, firstLineMs);
    held++;
    const ended = begun().then((end) => {
      held--;
      clearTimeout(silence);
      return resultOf(end, become);
    });
    const release = (word: string) => {
      lastWord = word;
      running.sayLast(word);
    };
    return { ended, release };
  }

  function dial(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel)));
    });
  }

  return {
    exec: (script, options) => atOnce(() => exec(script, options)),
    hold,
    http: (ask) => atOnce(() => answerTo(ask, dial)),
    reach: (to, port, timeoutS) => atOnce(() => reachBy(dial, to, port, timeoutS)),
    async close() {
      // What the server would still say is not waited for.
      socket.once('finish', drop);
      client.end();
      void spare?.then((own) => own.ssh.dispose()).catch(() => {});
      const timer = setTimeout(drop, closeTimeoutMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** The sessions of one login. */
interface Sessions {
  one(job: Job): Promise<SessionEnd>;
  /** Where sshd allows fewer sessions than we open, the next one waits until one of ours has gone and sshd has noticed. */
  patient(job: Job): Promise<SessionEnd>;
}

function sessionsOver(client: Client): Sessions {
  const open = new Set<Promise<void>>();
  let hasRun = false;
  function one(job: Job): Promise<SessionEnd> {
    const { ended, closed: gone } = runSession(client, job);
    open.add(gone);
    void gone.then(() => open.delete(gone));
    return ended;
  }
  return {
    one,
    async patient(job) {
      for (let left = noticeTries; ; ) {
        const others = [...open];
        const end = await one(job);
        hasRun ||= end.kind !== 'no-channel';
        if (end.kind !== 'no-channel') return end;
        if (others.length > 0) await Promise.race(others);
        else if (!hasRun || left-- === 0) return end;
        else await sleep(noticeMs);
      }
    },
  };
}

function shellFault({ host, user }: Who, end: Extract<SessionEnd, { readonly kind: 'not-started' }>): Diagnostic {
  return fault('no-shell', host, {
    what: `The login as ${user} on ${host} runs no commands (exit code ${end.code}).`,
    why: 'Its login shell, or a forced command in sshd_config or authorized_keys, ended before /bin/sh began.',
    mend: `Make \`ssh HOST /bin/sh\` work for ${user} there.`,
    ...quoted(end.stderr || end.stdout),
  });
}

function noSessionFault({ host }: Who, detail: string): Diagnostic {
  return fault('no-session', host, {
    what: `sshd on ${host} opened no session.`,
    why: detail,
    mend: 'A change needs two sessions at once, since one holds the lock: see MaxSessions in sshd_config there, and the log of sshd.',
  });
}

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Script } from '../posix/script.ts';
import type { Secret } from '../posix/secret.ts';
import type { HttpAnswer, HttpAsk } from '../resources/step.ts';
import type { EarlierAnswers } from './earlier-answers.ts';
import type { Event } from './events.ts';

/** How to reach one host, as compiled from its inventory variables; everything left undefined follows ssh_config. */
export interface Target {
  readonly host: string;
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly privateKeyFile?: string;
  readonly knownHostsFile?: string;
  /** `user@host:port` of the jump hosts, first hop first. */
  readonly jump?: readonly string[];
  /** `strict` refuses unknown keys, `accept-new` trusts a host seen for the first time; strict where nobody says. */
  readonly hostKeys?: 'strict' | 'accept-new';
  /** Seconds until the login must be done, for each hop; 10 where nobody says. */
  readonly connectTimeoutS?: number;
  /** Login password, where a host takes no key. */
  readonly password?: Secret;
  readonly becomePassword?: Secret;
}

/** What a script on a host came to. `code` is undefined when the connection was lost or the deadline passed. */
export interface ExecResult {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly lost?: 'connection' | 'timeout' | 'output-limit';
}

export interface ExecOptions {
  /** Run as root through sudo; a login that is root already needs none. */
  readonly become: boolean;
  readonly timeoutS: number;
  /** Called with each whole line of stdout as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface HoldOptions {
  readonly become: boolean;
  /** Seconds between the dots on the script's stdin; it says a line for each, and silence for three of them is the end of the connection. */
  readonly beatS: number;
  readonly onLine: (line: string) => void;
}

/** A script that goes on for as long as it is held, and no longer than the connection. */
export interface Held {
  /** What it came to, by itself, released or lost; rejects with a Refusal when it could not begin. */
  readonly ended: Promise<ExecResult>;
  /** Sends a last word and the end of its stdin. */
  release(word: string): void;
}

/** What came of opening a connection: somebody answered, be it by refusing; nobody did; or it could not be tried. */
export type Reached =
  | { readonly heard: true }
  | { readonly heard: false; readonly why: string }
  | { readonly heard: undefined; readonly why: string };

/** A live connection to one host. */
export interface Connection {
  /** One conversation: `/bin/sh` runs the script, which travels on stdin, never on an argv. Never rejects for a remote failure. */
  exec(script: Script, options: ExecOptions): Promise<ExecResult>;
  /** Beside all conversations: `/bin/sh` runs the script, whose stdin gets a dot every so often. */
  hold(script: Script, options: HoldOptions): Held;
  /** One HTTP question, as seen from the host (a forwarded channel: the host needs no client program). */
  http(ask: HttpAsk): Promise<HttpAnswer>;
  /** Opens a TCP connection as the host itself would, and closes it. Never rejects. */
  reach(to: string, port: number, timeoutS: number): Promise<Reached>;
  close(): Promise<void>;
}

/** Opens connections. Rejects with a Refusal whose diagnostic names the host, the reason and the mend. */
export interface Transport {
  /** `meanwhile` may be called while the host gets ready for a login: it is the time for what needs no answer of it. */
  connect(target: Target, signal: AbortSignal, meanwhile?: () => void): Promise<Connection>;
}

/** Time, so that waiting is testable. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Everything a run needs of the world. */
export interface Ports {
  readonly transport: Transport;
  readonly clock: Clock;
  /** One HTTP question asked by the controller itself. */
  readonly ask: (ask: HttpAsk) => Promise<HttpAnswer>;
  /** The connection of a run to another host, made when it is wanted; why there is none. Undefined outside a run. */
  readonly via?: (host: string) => Promise<Connection | Diagnostic | undefined>;
  /** A new connection to a host of the run beside the one it has, or why there is none; undefined once the run is to stop. */
  readonly anew?: (host: string) => Promise<Connection | Diagnostic | undefined>;
  /** What pages answered a short while ago. Undefined outside a run. */
  readonly answers?: EarlierAnswers;
  /** 32 random hex digits: a mark that no output can hold by accident. */
  readonly mark: () => string;
  readonly tell: (event: Event) => void;
}

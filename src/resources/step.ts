import type { Script } from '../posix/script.ts';
import type { Secret } from '../posix/secret.ts';

/**
 * What a resource wants done on its host, as data: one executor interprets it, a test or a dry run reads the same.
 * Scripts find the id of the run in `$hadeploy_run`.
 */
export type Step =
  | {
      readonly do: 'run';
      /** For people: `restart docker`. */
      readonly what: string;
      readonly script: Script;
      /** Seconds until it is killed; 300 when absent. */
      readonly timeoutS?: number;
      /** It only judges what is about to change, as the check of its kind did. */
      readonly judges?: true;
    }
  | {
      /** Lands atomically: temporary file in the same folder, owner, mode, `validate`, fsync, rename. */
      readonly do: 'write';
      readonly path: string;
      readonly content: string | Uint8Array | Secret;
      /** Four octal digits, `0644`. */
      readonly mode: string;
      /** `user:group`, names or numbers. */
      readonly owner: string;
      /** Command that must accept the new bytes first; it gets the temporary file's path as `$1`. */
      readonly validate?: Script;
    }
  | { readonly do: 'remove'; readonly path: string; readonly recursive?: boolean }
  | {
      readonly do: 'await';
      readonly what: string;
      readonly ask: HttpAsk;
      readonly want: HttpWant;
      readonly timeoutS: number;
      /** As long as this page answers something else each time, the time starts anew. */
      readonly progress?: HttpAsk;
    }
  | {
      /**
       * Makes what earlier steps did stay, which the host else puts back by itself `withinS` seconds after them: over a
       * new connection, and once everyone who is to reach the host has.
       */
      readonly do: 'confirm';
      readonly what: string;
      /** Connections that must come through: from a host of the inventory to an address and TCP port. */
      readonly reach: readonly { readonly from: string; readonly to: string; readonly port: number }[];
      /** What is then done on the host; it fails where that came too late. */
      readonly script: Script;
      readonly withinS: number;
    };

/** One HTTP question. */
export interface HttpAsk {
  /** `host` asks through the SSH connection, as the host itself would; `controller`; or the name of another host. */
  readonly from: string;
  readonly method: 'GET' | 'POST';
  /** Absolute http URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Seconds for this one answer. */
  readonly timeoutS: number;
  /** Asked at the same time; its answer comes along. */
  readonly beside?: HttpAsk;
  /** An earlier answer comes along, at least so many seconds old. */
  readonly afterS?: number;
}

/** What came back: an HTTP answer (body cut at 16 MiB), or why there was none. */
export type HttpAnswer =
  | {
      readonly status: number;
      readonly body: string;
      readonly beside?: HttpAnswer;
      /** The body of an earlier answer. */
      readonly earlier?: string;
    }
  | { readonly status: undefined; readonly error: string };

/** What an answer must be like: every part that is given must hold. */
export interface HttpWant {
  readonly status: readonly number[];
  /** Text that must occur in the body. */
  readonly contains?: string;
  /** Text that must not occur in the body. */
  readonly lacks?: string;
  /** A refused connection is as good as the wanted answer. */
  readonly unlessRefused?: true;
  /** Values that must stand in the JSON body: dotted path (`data.cluster.status`, `[]` for every element) → value. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** What the answer from beside has at `path` must stand there too; of that, what stands at `among`. */
  readonly includes?: { readonly path: string; readonly among?: string };
  /** So many series of a counter on a page of metrics must be higher than in the earlier answer. */
  readonly rises?: { readonly metric: string; readonly series: number };
}

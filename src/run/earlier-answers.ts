import type { HttpAsk } from '../resources/step.ts';
import type { Connection } from './ports.ts';

/** Milliseconds for which an answer says what happens now, if a later one is held against it. */
const memoryMs = 30_000;

/** The body of a page, and when it was read, in milliseconds since the epoch. */
interface Heard {
  readonly at: number;
  readonly body: string;
}

/** What pages answered a short while ago in this run, for gates that hold two answers against each other. */
export interface EarlierAnswers {
  put(connection: Connection, question: HttpAsk, heard: Heard): void;
  /** The last body of the page that was read no later than `until`, and not too long before. */
  find(connection: Connection, question: HttpAsk, until: number): string | undefined;
}

/** Nothing is remembered at the beginning. */
export function earlierAnswers(): EarlierAnswers {
  const pages = new Map<Connection, Map<string, readonly Heard[]>>();
  const keyOf = ({ from, url }: HttpAsk) => `${from} ${url}`;
  return {
    put(connection, question, heard) {
      const mine = pages.get(connection) ?? new Map<string, readonly Heard[]>();
      pages.set(connection, mine);
      const kept = (mine.get(keyOf(question)) ?? []).filter(({ at }) => at >= heard.at - memoryMs);
      mine.set(keyOf(question), [...kept, heard]);
    },
    find(connection, question, until) {
      const known = pages.get(connection)?.get(keyOf(question)) ?? [];
      return known.findLast(({ at }) => at <= until && at >= until - memoryMs)?.body;
    },
  };
}

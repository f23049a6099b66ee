import type { Answer } from '../posix/frame.ts';
import { Script } from '../posix/script.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import type { HttpAnswer, HttpAsk } from '../resources/step.ts';
import type { Connection } from './ports.ts';

/** What can be asked of a host in its first conversation: all that is known to be wanted before its facts are. */
export interface EarlyQuestions {
  readonly scripts: readonly Script[];
  readonly pages: readonly HttpAsk[];
}

/** The answers of a host's first conversation to questions of the plan. */
export interface EarlyLook {
  /** Whether they were asked as root. */
  readonly become: boolean;
  /** By the text of the script. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** By the question as JSON. */
  readonly pages: ReadonlyMap<string, HttpAnswer>;
}

/** The questions about resources that the first conversation can carry: it is one of root's, or of the login user's. */
export function earlyQuestions(
  resources: readonly Resource[],
  kinds: ReadonlyMap<string, AnyKind>,
  become: boolean,
): EarlyQuestions {
  const probes = resources
    .filter(({ delegate }) => delegate === undefined)
    .map((resource) => ({ resource, probe: kinds.get(resource.kind)!.probe(resource.spec) }));
  const scripts = probes.flatMap(({ resource, probe }) =>
    probe instanceof Script && resource.become === become ? [probe] : [],
  );
  // One that needs a second answer is asked later, as a whole.
  const isPlain = (one: HttpAsk) => one.from === 'host' && one.beside === undefined && one.afterS === undefined;
  const pages = probes.flatMap(({ probe }) => (probe instanceof Script || !isPlain(probe) ? [] : [probe]));
  return { scripts, pages: [...new Map(pages.map((one) => [JSON.stringify(one), one])).values()] };
}

/** Asks the pages beside the first conversation. Never rejects. */
export async function askPages(
  connection: Connection,
  pages: readonly HttpAsk[],
): Promise<ReadonlyMap<string, HttpAnswer>> {
  const asked = pages.map(async (one) => [JSON.stringify(one), await connection.http(one)] as const);
  return new Map(await Promise.all(asked));
}

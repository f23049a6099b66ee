import { sameSpec } from '../playbook/twins.ts';
import type { Answer } from '../posix/frame.ts';
import { Script } from '../posix/script.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import type { HttpAnswer, HttpAsk } from '../resources/step.ts';
import { understood } from './understood.ts';

/** A question about a resource that the first conversation with its host can carry. */
export interface EarlyQuestion {
  readonly resource: Resource;
  readonly probe: Script | HttpAsk;
}

/** What the first conversation with a host has told of resources. */
export type EarlyLook = ReadonlyMap<Resource, unknown>;

/** Questions about what is wanted before facts are known; the first conversation is one of root's, or of the login user's. */
export function earlyQuestions(
  resources: readonly Resource[],
  kinds: ReadonlyMap<string, AnyKind>,
  become: boolean,
): readonly EarlyQuestion[] {
  return resources
    .filter(({ delegate }) => delegate === undefined)
    .map((resource) => ({ resource, probe: kinds.get(resource.kind)!.probe(resource.spec) }))
    .filter(({ resource, probe }) =>
      probe instanceof Script ? resource.become === become : probe.from === 'host' && probe.afterS === undefined,
    );
}

/** Finds what was told of a resource, or of one that wants the very same: it was filled in anew once facts were known. */
export function told(early: EarlyLook): (resource: Resource) => { readonly observed: unknown } | undefined {
  const byId = new Map<string, Resource[]>();
  const twinOf = ({ id, become, spec }: Resource): Resource | undefined => {
    if (byId.size === 0) for (const one of early.keys()) byId.set(one.id, [...(byId.get(one.id) ?? []), one]);
    return byId.get(id)?.find((one) => one.become === become && sameSpec(one.spec, spec));
  };
  return (resource) => {
    const asked = early.has(resource) ? resource : twinOf(resource);
    return asked && { observed: early.get(asked) };
  };
}

/** The answers to early questions, read. Pages are asked beside the conversation that carries the scripts, each once. */
export async function earlyLook(
  questions: readonly EarlyQuestion[],
  kinds: ReadonlyMap<string, AnyKind>,
  answers: Promise<readonly Answer[]>,
  askPage: (page: HttpAsk) => Promise<HttpAnswer>,
): Promise<EarlyLook> {
  const pages = new Map<string, Promise<HttpAnswer>>();
  for (const { probe } of questions) {
    const key = probe instanceof Script ? undefined : JSON.stringify(probe);
    if (key !== undefined && !pages.has(key)) pages.set(key, askPage(probe as HttpAsk));
  }
  const scripted = (await answers)[Symbol.iterator]();
  const look = new Map<Resource, unknown>();
  for (const { resource, probe } of questions) {
    const reply = probe instanceof Script ? scripted.next().value! : await pages.get(JSON.stringify(probe))!;
    look.set(resource, understood(kinds.get(resource.kind)!, resource, reply));
  }
  return look;
}

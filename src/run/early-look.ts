import { sameSpec } from '../playbook/twins.ts';
import type { Answer } from '../posix/frame.ts';
import { Script } from '../posix/script.ts';
import type { AnyKind, Reply } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import type { HttpAnswer, HttpAsk } from '../resources/step.ts';
import { understood } from './understood.ts';

/** Questions about resources that the first conversation with a host can carry. */
export interface EarlyQuestions {
  readonly scripts: readonly Script[];
  /** The answers to them, read. Pages are asked beside the conversation, each once. */
  look(answers: Promise<readonly Answer[]>, askPage: (page: HttpAsk) => Promise<HttpAnswer>): Promise<EarlyLook>;
}

/** What the first conversation with a host has told of resources. */
export type EarlyLook = ReadonlyMap<Resource, unknown>;

/** Questions about what is wanted before facts are known; the first conversation is one of root's, or of the login user's. */
export function earlyQuestions(
  resources: readonly Resource[],
  kinds: ReadonlyMap<string, AnyKind>,
  become: boolean,
): EarlyQuestions {
  const scripts: Script[] = [];
  const scripted: Resource[] = [];
  const paged: { readonly resource: Resource; readonly page: HttpAsk }[] = [];
  for (const resource of resources) {
    if (resource.delegate !== undefined) continue;
    const probe = kinds.get(resource.kind)!.probe(resource.spec);
    if (!(probe instanceof Script)) {
      if (probe.from === 'host' && probe.afterS === undefined) paged.push({ resource, page: probe });
    } else if (resource.become === become) {
      scripts.push(probe);
      scripted.push(resource);
    }
  }
  return { scripts, look: (answers, askPage) => lookAt(scripted, paged, kinds, answers, askPage) };
}

/** Pages that have not answered by the end of the scripts are left out: where something changes before them nobody need know. */
async function lookAt(
  scripted: readonly Resource[],
  paged: readonly { readonly resource: Resource; readonly page: HttpAsk }[],
  kinds: ReadonlyMap<string, AnyKind>,
  answers: Promise<readonly Answer[]>,
  askPage: (page: HttpAsk) => Promise<HttpAnswer>,
): Promise<EarlyLook> {
  const pages = new Map<string, HttpAnswer | undefined>();
  for (const { page } of paged) {
    const key = JSON.stringify(page);
    if (pages.has(key)) continue;
    pages.set(key, undefined);
    void askPage(page).then((answer) => pages.set(key, answer));
  }
  const look = new Map<Resource, unknown>();
  const read = (resource: Resource, reply: Reply) =>
    look.set(resource, understood(kinds.get(resource.kind)!, resource, reply));
  const said = await answers;
  scripted.forEach((resource, index) => {
    read(resource, said[index]!);
  });
  for (const { resource, page } of paged) {
    const answer = pages.get(JSON.stringify(page));
    if (answer !== undefined) read(resource, answer);
  }
  return look;
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

import { Refusal } from '../diagnostics/diagnostic.ts';
import { label } from '../plan/label.ts';
import { diff } from '../plan/plan.ts';
import type { AnyKind, Former } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import type { Trace } from './execute.ts';
import type { HostWork } from './host-work.ts';
import { observe } from './observe.ts';
import type { Ports } from './ports.ts';

/** Seconds beside the host's own time for it to finish, and for us to log in again. */
const spareS = 45;

const lost = new Set(['connection-lost', 'lease-lost']);

/**
 * What becomes of changes that nobody confirmed, for the fault that left them so: the host puts them back by itself.
 * Where the connection was lost, by these changes perhaps, that is waited for and seen with a new one.
 */
export async function ownUndo(
  fault: Refusal,
  { host }: HostWork,
  trace: Trace,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
): Promise<Refusal> {
  const items = [...trace.unconfirmed.keys()].filter((item) => trace.begun.has(item));
  if (items.length === 0) return fault;
  const names = items.map(({ resource }) => label(resource)).join(', ');
  const withinS = Math.max(...trace.unconfirmed.values());
  const told = (said: string) =>
    new Refusal(fault.diagnostics.map((one) => ({ ...one, state: [one.state, said].filter(Boolean).join(' ') })));
  const byItself = `${host} puts ${names} back by itself within ${withinS} s, since nobody confirmed the change`;
  if (!fault.diagnostics.some(({ code }) => lost.has(code))) return told(`${byItself}.`);
  ports.tell({ type: 'own-undo', host, withinS });
  const former = items.flatMap(({ resource }): readonly Resource[] => {
    const was = kinds.get(resource.kind)!.former?.(resource.spec, trace.observed.get(resource)) as
      | Former<unknown>
      | undefined;
    return was !== undefined && 'spec' in was ? [{ ...resource, spec: was.spec }] : [];
  });
  const seen = former.length === items.length && (await wait(host, former, withinS, kinds, ports));
  return told(
    seen
      ? `${host} has put ${names} back by itself, since nobody confirmed the change: a new login sees it as it was.`
      : `${byItself}; no new login has seen that yet.`,
  );
}

async function wait(
  host: string,
  former: readonly Resource[],
  withinS: number,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
): Promise<boolean> {
  const deadline = ports.clock.now() + (withinS + spareS) * 1000;
  while (ports.clock.now() < deadline) {
    const fresh = await ports.anew?.(host);
    if (fresh === undefined) return false;
    if (!('what' in fresh)) {
      try {
        const observed = await observe(fresh, host, former, kinds, ports);
        const calm = { disturbed: false };
        if (former.every((one) => diff(one, observed, kinds, calm).action === 'none')) return true;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      } finally {
        await fresh.close();
      }
    }
    await ports.clock.sleep(1000);
  }
  return false;
}

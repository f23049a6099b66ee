import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { deeds, type Item, type Plan } from '../../../src/plan/plan.ts';
import { planText } from '../../../src/plan/plan-text.ts';
import { isDeed, type Shown } from '../../../src/resources/change.ts';
import { kinds } from '../../../src/resources/index.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import type { Report } from '../../../src/run/job.ts';
import { type LocalShell, localShells } from '../../support/local-shells.ts';
import { localTransport, noLocalHosts } from '../../support/local-transport.ts';
import { count, newScore, publish } from '../../support/score.ts';
import { runLaw } from './run-law.ts';
import {
  asShown,
  fell,
  foundTrees,
  isFolder,
  type Node,
  paths,
  plant,
  type Tree,
  traceOf,
  treeBelow,
  trees,
} from './trees.ts';

/** `LAW_RUNS` looks at more of them; the seed is printed with a failure. */
const numRuns = Math.ceil(Number(process.env['LAW_RUNS'] ?? 60) / 10);

// In memory where there is such a folder: every step waits for its disk.
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const score = newScore('shell');
const hosts = ['a', 'b'] as const;
type OnHosts<T> = Readonly<Record<(typeof hosts)[number], T>>;
const onHosts = <T>(of: (host: (typeof hosts)[number]) => T): OnHosts<T> => ({ a: of('a'), b: of('b') });

/** What is declared on a host: what is to stand where, and where nothing is to. */
interface Declared {
  readonly present: Tree;
  readonly absent: readonly string[];
}
const declared: fc.Arbitrary<Declared> = fc.tuple(trees, fc.subarray([...paths])).map(([present, some]) => {
  const free = (path: string) => !present.has(path) && ![...present.keys()].some((one) => one.startsWith(`${path}/`));
  const named = some.filter(free);
  // A folder goes only when it is empty, so what may be in it goes first.
  const absent = paths.filter((path) => named.some((one) => path === one || path.startsWith(`${one}/`)));
  return { present, absent: [...absent].sort((a, b) => b.split('/').length - a.split('/').length) };
});

const names: Readonly<Record<number, string>> = { 0: 'root', 65534: 'nobody' };
const groups: Readonly<Record<number, string>> = { 0: 'root', 65534: 'nogroup' };
const ids: Readonly<Record<string, number>> = { root: 0, nobody: 65534, nogroup: 65534 };
const shownOwner = ({ uid, gid }: Node) => `${names[uid] ?? uid}:${groups[gid] ?? gid}`;

function resourcesOf(root: string, host: string, { present, absent }: Declared): readonly Resource[] {
  const resource = (path: string, rest: object): Resource => {
    const kind = isFolder(path) ? 'directory' : 'file';
    const spec = { path: join(root, path), ...rest };
    const task = { name: path, at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
    return { host, kind, id: kinds.get(kind)!.id(spec), spec, task, become: true, notify: [], noLog: false };
  };
  return [
    ...absent.map((path) => resource(path, { state: 'absent' })),
    ...[...present].map(([path, { mode, uid, gid, content }]) => {
      const shown = content === undefined ? undefined : asShown(content);
      const bytes = shown?.startsWith('sha256:') ? Buffer.from(content!, 'latin1') : shown;
      const owners = { owner: names[uid] ?? uid, group: groups[gid] ?? gid };
      return resource(path, { mode, ...owners, ...(content !== undefined && { content: bytes }) });
    }),
  ];
}

/** The trees once exactly the plan has happened: each value that it shows, and no other. */
function predicted(before: OnHosts<Tree>, roots: OnHosts<string>, plan: Plan): OnHosts<Tree> {
  const after = onHosts((host) => new Map(before[host]));
  for (const { resource, change } of deeds(plan)) {
    if (!isDeed(change)) continue;
    const host = resource.host as 'a' | 'b';
    const path = pathOf(resource, roots[host]);
    if (change.action === 'delete') {
      after[host].delete(path);
      continue;
    }
    const to = new Map(change.fields.map((one) => [one.field, one.to]));
    const [user = '', group = ''] = String(to.get('owner') ?? '').split(':');
    const type = isFolder(path) ? 'directory' : 'file';
    after[host].set(path, {
      ...(after[host].get(path) ?? { type, mode: '', uid: -1, gid: -1 }),
      ...(to.has('mode') && { mode: String(to.get('mode')) }),
      ...(to.has('owner') && { uid: ids[user] ?? Number(user), gid: ids[group] ?? Number(group) }),
      ...(to.has('content') && { content: String(to.get('content')) }),
    });
  }
  return after;
}

const pathOf = ({ spec }: Resource, root: string) => (spec as { readonly path: string }).path.slice(root.length + 1);

/** A tree in order, its contents as a plan shows them. */
function plainly(tree: Tree) {
  const shown = [...tree].map(
    ([path, { content, ...node }]) => [path, content === undefined ? node : { ...node, content }] as const,
  );
  return Object.fromEntries(shown.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is read anew of one field. */
function reread(tree: Tree, path: string, field: string): Shown {
  const node = tree.get(path);
  if (node === undefined) return undefined;
  if (field === 'owner') return shownOwner(node);
  return field === 'content' ? node.content : node.mode;
}

const asPlansShow = (tree: Tree): Tree =>
  new Map(
    [...tree].map(([path, node]) => [
      path,
      node.content === undefined ? node : { ...node, content: asShown(node.content) },
    ]),
  );

interface Stage {
  readonly transport: ReturnType<typeof localTransport>['transport'];
  readonly roots: OnHosts<string>;
}

function run({ transport, roots }: Stage, wanted: OnHosts<Declared>, answer: 'go' | 'stop'): Promise<Report> {
  const resources = new Map(hosts.map((host) => [host, resourcesOf(roots[host], host, wanted[host])]));
  const play = { name: 'all', batches: [hosts], resources, handlers: new Map(hosts.map((host) => [host, []])) };
  const targets = new Map(hosts.map((host) => [host, { host, address: host }]));
  const known = new Map([...resources].map(([host, list]) => [host, new Set(list.map(({ id }) => id))]));
  return runLaw(
    transport,
    {
      targets,
      witness: (host) => targets.get(host as 'a'),
      kinds,
      compile: () => ({ ok: true, value: { plays: [play], declared: known }, warnings: [] }),
      prune: true,
      forks: 2,
    },
    answer,
  );
}

const seen = (roots: OnHosts<string>) => onHosts((host) => asPlansShow(treeBelow(roots[host])));
const traces = (roots: OnHosts<string>) => onHosts((host) => traceOf(roots[host]));
const text = ({ plan }: Report) => planText(plan!, { diffs: true });

/** Dry, real, real again, holding each of them to the law. */
async function lawfully(stage: Stage, wanted: OnHosts<Declared>): Promise<void> {
  const { roots } = stage;
  const [before, untouched] = [seen(roots), traces(roots)];
  const dry = await run(stage, wanted, 'stop');
  expect(dry.faults).toEqual([]);
  expect(traces(roots)).toEqual(untouched);
  const real = await run(stage, wanted, 'go');
  expect(real.faults).toEqual([]);
  expect(text(real)).toBe(text(dry));
  const after = seen(roots);
  const foreseen = predicted(before, roots, real.plan!);
  for (const host of hosts) expect(plainly(after[host])).toEqual(plainly(foreseen[host]));
  for (const item of deeds(real.plan!)) countItem(item, after, roots);
  const settled = traces(roots);
  const again = await run(stage, wanted, 'go');
  expect(again).toMatchObject({ outcome: 'planned', faults: [] });
  expect(text(again)).toMatch(/^Nothing to change: /);
  expect(traces(roots)).toEqual(settled);
}

function countItem(item: Item, after: OnHosts<Tree>, roots: OnHosts<string>): void {
  const host = item.resource.host as 'a' | 'b';
  count(score, item, (field) => reread(after[host], pathOf(item.resource, roots[host]), field));
}

describe.skipIf(noLocalHosts)(`the law, in real shells${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  afterAll(() => publish(score));

  // Debian's busybox has all that a host needs but flock, which is from util-linux in any case.
  const tools = mkdtempSync(join(tmpdir(), 'hadeploy-law-tools-'));
  symlinkSync('/usr/bin/flock', join(tools, 'flock'));
  afterAll(() => fell(tools));
  const shells: readonly LocalShell[] = noLocalHosts
    ? []
    : localShells().map((shell) => ({ ...shell, path: `${shell.path}:${tools}` }));
  const per = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<OnHosts<T>> => fc.record({ a: one, b: one });

  it(
    'holds for files and directories: the plan is what happens, and the way back is exact to the byte',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          per(foundTrees),
          per(declared),
          per(declared),
          per(fc.array(fc.boolean(), { minLength: paths.length, maxLength: paths.length })),
          fc.constantFrom(...shells),
          async (start, wanted, other, edited, shell) => {
            const first = onHosts((host) => possible(wanted[host], start[host]));
            const folder = mkdtempSync(join(base, 'hadeploy-law-'));
            try {
              const stage = {
                ...localTransport(folder, shell),
                roots: onHosts((host) => join(folder, host, "it's root")),
              };
              for (const host of hosts) plant(stage.roots[host], start[host]);
              await lawfully(stage, first);
              const former = seen(stage.roots);
              await lawfully(
                stage,
                onHosts((host) => mixed(first[host], other[host], edited[host])),
              );
              await lawfully(stage, first);
              const back = seen(stage.roots);
              for (const host of hosts) {
                const of = ({ [host]: tree }: OnHosts<Tree>) =>
                  [...first[host].present.keys()].map((path) => [path, tree.get(path)]);
                expect(of(back)).toEqual(of(former));
                expect([...back[host].keys()].filter((path) => !former[host].has(path))).toEqual([]);
              }
            } finally {
              fell(folder);
            }
          },
        ),
        { numRuns, endOnFailure: true },
      );
    },
    240_000 + 20_000 * numRuns,
  );
});

/** What is declared, edited at some of its paths. */
function mixed(first: Declared, other: Declared, edited: readonly boolean[]): Declared {
  const choose = (path: string) => (edited[paths.indexOf(path)] ? other : first);
  const present = new Map(paths.flatMap((path) => entry(choose(path).present, path)));
  for (const path of [...present.keys()]) {
    for (const above of paths.filter((one) => path.startsWith(`${one}/`))) {
      if (!present.has(above)) present.set(above, first.present.get(above) ?? other.present.get(above)!);
    }
  }
  const inOrder = new Map(paths.flatMap((path) => entry(present, path)));
  const taken = (path: string) => inOrder.has(path) || [...inOrder.keys()].some((one) => one.startsWith(`${path}/`));
  const absent = first.absent.filter(
    (path) => !taken(path) && !paths.some((one) => one.startsWith(`${path}/`) && !first.absent.includes(one)),
  );
  return { present: inOrder, absent };
}

/** What is declared, without the absence of folders in which something stands that nobody declares. */
function possible({ present, absent }: Declared, start: Tree): Declared {
  const foreign = [...start.keys()].filter((path) => !paths.includes(path));
  return { present, absent: absent.filter((path) => !foreign.some((one) => one.startsWith(`${path}/`))) };
}

function entry(tree: Tree, path: string): readonly (readonly [string, Node])[] {
  const node = tree.get(path);
  return node === undefined ? [] : [[path, node]];
}

import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';

/** What stands at a path, or is to: `content` in Latin-1, one character for a byte, for files alone. */
export interface Node {
  readonly type: 'file' | 'directory';
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly content?: string;
}

/** Paths below a folder with what stands there, parents first. */
export type Tree = ReadonlyMap<string, Node>;

const folders = ['d0', 'd0/d1', "it's d2", 'd3'];
const files = ['f0', 'd0/f1', 'd0/d1/f2', "it's d2/f 3", 'd3/-f4', 'd3/$(f5)', 'd3/two\nlines', 'd3/é€😀'];

const bytes = (text: string) => Buffer.from(text).toString('latin1');
const everyByte = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
const content = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    '\n',
    "it's\n",
    'a\r\nb',
    '%s\\n',
    '$(id) `id`',
    '\\',
    '-n',
    bytes('é€😀\n'),
    everyByte,
    '\xff',
  ),
  fc
    .array(fc.constantFrom('one\n', 'two\n', 'three\n', '  four\n'), { minLength: 1, maxLength: 40 })
    .map((all) => all.join('')),
);
const rights = {
  mode: fc.constantFrom('0644', '0600', '0755', '0444', '0000', '1777', '2750', '4755'),
  uid: fc.constantFrom(0, 0, 65534, 1234),
  gid: fc.constantFrom(0, 0, 65534, 4321),
};
const file: fc.Arbitrary<Node> = fc.record({ type: fc.constant('file' as const), ...rights, content });
const folder: fc.Arbitrary<Node> = fc.record({ type: fc.constant('directory' as const), ...rights });

const parent = (path: string): string | undefined => (path.includes('/') ? dirname(path) : undefined);

/** Any trees of such files; a parent that was left out is there all the same. */
const treesOf = (files: readonly string[]): fc.Arbitrary<Tree> =>
  fc
    .tuple(
      fc.tuple(...folders.map(() => fc.option(folder, { freq: 2 }))),
      fc.tuple(...files.map(() => fc.option(file, { freq: 2 }))),
    )
    .map(([some, others]) => {
      const nodes = [
        ...folders.map((path, index) => [path, some[index]!] as const),
        ...files.map((path, index) => [path, others[index]!] as const),
      ];
      const chosen = new Map(nodes.filter(([, node]) => node !== null) as (readonly [string, Node])[]);
      const tree = new Map<string, Node>();
      for (const [path, node] of chosen) {
        for (const above of [parent(parent(path) ?? ''), parent(path)]) {
          if (above) tree.set(above, chosen.get(above) ?? { type: 'directory', mode: '0755', uid: 0, gid: 0 });
        }
        tree.set(path, node);
      }
      return tree;
    });

/** What may be declared. */
export const trees: fc.Arbitrary<Tree> = treesOf(files);

/** What may be there beforehand: also what nobody declares. */
export const foundTrees: fc.Arbitrary<Tree> = treesOf([...files, 'd0/d1/foreign', 'd3/.foreign']);

/** The paths at which something may be declared, parents first. */
export const paths: readonly string[] = [...folders, ...files];
export const isFolder = (path: string): boolean => folders.includes(path);

/** Makes a tree below a folder. */
export function plant(root: string, tree: Tree): void {
  mkdirSync(root, { recursive: true });
  for (const [path, { type, content: text }] of tree) {
    if (type === 'directory') mkdirSync(join(root, path));
    else writeFileSync(join(root, path), Buffer.from(text!, 'latin1'));
  }
  for (const [path, { mode, uid, gid }] of tree) {
    chownSync(join(root, path), uid, gid);
    chmodSync(join(root, path), Number.parseInt(mode, 8));
  }
}

/** Reads the tree below a folder. */
export function treeBelow(root: string): Tree {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(
    names.map((path): readonly [string, Node] => {
      const { mode, uid, gid } = lstatSync(join(root, path));
      const rightsNow = { mode: (mode & 0o7777).toString(8).padStart(4, '0'), uid, gid };
      if ((mode & 0o170000) === 0o040000) return [path, { type: 'directory', ...rightsNow }];
      return [path, { type: 'file', ...rightsNow, content: readFileSync(join(root, path), 'latin1') }];
    }),
  );
}

/** All that a write would show in, also one that wrote what stood there already. */
export function traceOf(root: string): readonly string[] {
  return [...treeBelow(root)].map(([path, node]) => {
    const { ino, mtimeMs, ctimeMs } = lstatSync(join(root, path));
    return JSON.stringify([path, node, ino, mtimeMs, ctimeMs]);
  });
}

/** A content as a plan shows it: text as it is, other bytes by their digest. */
export function asShown(text: string): string {
  const raw = Buffer.from(text, 'latin1');
  const decoded = raw.toString('utf8');
  const isText = !raw.includes(0) && Buffer.from(decoded).equals(raw);
  return isText ? decoded : `sha256:${createHash('sha256').update(raw).digest('hex')}`;
}

/** Takes away a folder with what is in it. */
export function fell(root: string): void {
  rmSync(root, { recursive: true, force: true });
}

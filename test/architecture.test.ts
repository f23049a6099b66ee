import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The rooms of src/ by rank: a room imports only rooms of a lower rank. */
const ranks: Readonly<Record<string, number>> = {
  diagnostics: 0,
  posix: 1,
  yaml: 1,
  jinja: 1,
  schema: 2,
  inventory: 3,
  resources: 3,
  topology: 4,
  playbook: 5,
  plan: 6,
  run: 7,
  project: 8,
  ssh: 8,
  ui: 8,
  cli: 9,
};

/** The one room that may import a package, and the rooms that may touch Node's own modules for the outside world. */
const packages: Readonly<Record<string, readonly string[]>> = {
  yaml: ['yaml'],
  schema: ['ajv'],
  playbook: ['ip-address'],
  plan: ['diff'],
  run: ['p-limit'],
  ssh: ['node-ssh', 'ssh2'],
  ui: ['listr2', 'chalk'],
  cli: ['commander', '@hpcc-js/wasm-graphviz'],
};
const pureNode = ['node:path', 'node:path/posix', 'node:crypto', 'node:net', 'node:buffer', 'node:vm'];
const core = new Set(Object.keys(ranks).filter((room) => ranks[room]! <= 6));

interface Source {
  readonly file: string;
  readonly room: string;
  readonly text: string;
}

const sources: readonly Source[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort()
  .map((file) => ({ file, room: file.split('/')[0]!, text: readFileSync(join('src', file), 'utf8') }));

const imported = (text: string) =>
  [...text.matchAll(/^(import|export) (type )?[^;]*? from '([^']+)';|import\('([^']+)'\)/gm)].map((match) => ({
    typeOnly: match[2] !== undefined,
    from: match[3] ?? match[4]!,
  }));

/** Source text without its comments. */
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

describe('the house', () => {
  it('has only known rooms, and a room imports only rooms of a lower rank', () => {
    const wrong = sources.flatMap(({ file, room, text }) =>
      imported(text)
        .filter(({ from }) => from.startsWith('.'))
        .map(({ from }) => join(file, '..', from).split('/')[0]!)
        .filter((target) => target !== room && !(ranks[target]! < ranks[room]!))
        .map((target) => `${file} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has one room that uses a package, and a core that uses nothing of the outside world', () => {
    const wrong = sources.flatMap(({ file, room, text }) =>
      imported(text)
        .filter(({ from, typeOnly }) => !from.startsWith('.') && !(typeOnly && from === 'json-schema-to-ts'))
        .filter(({ from }) =>
          from.startsWith('node:')
            ? core.has(room) && !pureNode.includes(from)
            : !packages[room]?.includes(
                from
                  .split('/')
                  .slice(0, from.startsWith('@') ? 2 : 1)
                  .join('/'),
              ),
        )
        .map(({ from }) => `${file} → ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has a core without clock, chance, console or environment', () => {
    const outside = /\bDate\.now\(|\bnew Date\(\)|Math\.random\(|\bconsole\.|\bprocess\.|\bfetch\(|setTimeout\(/;
    expect(
      sources.filter(({ room, text }) => core.has(room) && outside.test(code(text))).map(({ file }) => file),
    ).toEqual([]);
  });

  it('knows the dry run in the command line alone', () => {
    const knowing = sources.filter(({ room, text }) => room !== 'cli' && /\bdryRun\b/.test(code(text)));
    expect(knowing.map(({ file }) => file)).toEqual([]);
  });

  it('knows Prometheus in its topology and its playbooks alone', () => {
    const knowing = sources.filter(
      ({ room, text }) =>
        room !== 'cli' &&
        room !== 'topology' &&
        /prometheus|alertmanager/i.test(code(text).replace(/examples?:.*$/gm, '')),
    );
    expect(knowing.map(({ file }) => file)).toEqual([]);
  });

  it('has small files', () => {
    const large = sources.filter(({ text }) => text.split('\n').length > 300).map(({ file }) => file);
    expect(large).toEqual([]);
  });
});

import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frame } from '../../../../src/posix/frame.ts';
import { bundleOf } from '../../../../src/resources/compose/bundle.ts';
import { recordText, settledRecord } from '../../../../src/resources/compose/record.ts';
import type { ComposeSpec } from '../../../../src/resources/compose/schema.ts';
import { compose } from '../../../../src/resources/compose.ts';
import { sha256 } from '../../../../src/resources/digest.ts';
import { type LocalShell, localShells, lookHere, runHere } from '../../../support/local-shells.ts';

const json = '{"service":"app","number":"1","hash":"aaaa","imageId":"sha256:1","image":"x:1","state":"running"}';
let folder: string;
let spec: ComposeSpec;

/** A program named docker that tells what it was asked, and answers as the real one did. */
const docker = `#!/bin/sh
echo "$1 $2" >>"$FOLDER/asked"
case "$1 $2" in
'ps -a') echo '"app" "False"|app|0.0.0.0:80->80/tcp|c1|Up 2 days|${json}' ;;
'compose version') echo 2.26.1-4 ;;
'compose -f') cat >/dev/null; echo 'app aaaa' ;;
'image inspect') echo sha256:1 ;;
'inspect -f') echo 'c1 2026-11-01T10:00:00.5Z 0 self app' ;;
esac
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hadeploy it's-"));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/docker'), docker.replace('$FOLDER', folder));
  chmodSync(join(folder, 'bin/docker'), 0o755);
  spec = {
    project: 'app',
    path: join(folder, 'app'),
    compose: "services: {app: {image: 'x:1', volumes: ['./config:/etc/app:ro']}}\n",
    files: { 'config/app.yml': 'a: 1\n', 'config/rules/r.yml': 'r: ü\n', README: 'read me\n' },
    owner: String(process.getuid?.()),
    group: String(process.getgid?.()),
    services: { app: { reload: 'HUP' } },
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, 'app', name);
function write(name: string, text: string): void {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text, { mode: 0o644 });
}
/** The folder as a successful run leaves it. */
function deployed(): void {
  write('compose.yml', String(spec.compose));
  for (const [name, text] of Object.entries(spec.files!)) write(name, String(text));
  const inode = statSync(at('config'), { bigint: true }).ino;
  const record = { containers: sha256(`${json}\n${inode}\n`), ...settledRecord(bundleOf(spec)) };
  writeFileSync(at('.hadeploy.json'), recordText(record), { mode: 0o600 });
}
const asked = () => readdirSync(folder).includes('asked');

describe.each(localShells().map((shell) => [shell.name, shell] as const))('the probe in %s', (_, shell) => {
  const here = (): LocalShell => ({ ...shell, path: `${join(folder, 'bin')}:${shell.path}` });
  const look = (wanted = spec) => lookHere(here(), compose, wanted).change;

  const said = (where: LocalShell) => runHere(where, frame([compose.probe(spec)], 'b0a7d5f2c4e8419693d7')).stdout;

  it('asks docker once when everything is as recorded', () => {
    deployed();
    expect(look()).toEqual({ action: 'none' });
    expect(said(here())).toMatch(/docker 0\nwanted [0-9a-f]{64}\nsettled\n/);
    expect(said({ ...shell, path: join(folder, 'none') })).not.toContain('settled');
    expect(asked()).toBe(true);
    const questions = runHere(shell, { text: `cat '${folder.replaceAll("'", `'\\''`)}/asked'` } as never).stdout;
    expect(questions).toBe('ps -a\nps -a\n');
  });

  it('asks for the version of compose once for all bundles of which there is no container', () => {
    const others = ['one', 'two', 'three'].map((project) => compose.probe({ ...spec, project }));
    const text = runHere(here(), frame(others, 'b0a7d5f2c4e8419693d7')).stdout;
    expect(text.match(/^compose 2\.26\.1-4$/gm)).toHaveLength(3);
    const questions = runHere(shell, { text: `cat '${folder.replaceAll("'", `'\\''`)}/asked'` } as never).stdout;
    expect(questions.match(/^compose version$/gm)).toHaveLength(1);
  });

  it('sees that the folder a container mounts is gone or was replaced', () => {
    deployed();
    const mounted = { ...spec, compose: "services: {app: {image: 'x:1', volumes: ['./config:/usr:ro']}}\n" };
    expect(look(mounted)).toMatchObject({
      cause: 'recreate',
      fields: [{ field: 'compose.yml' }, { field: 'service app', to: 'recreated' }],
      notes: ['app is recreated: a folder it mounts was replaced on the host.'],
    });
    renameSync(at('config'), at('old'));
    cpSync(at('old'), at('config'), { recursive: true, preserveTimestamps: true });
    expect(said(here())).not.toContain('settled');
    rmSync(at('config'), { recursive: true });
    expect(look(mounted)).toMatchObject({ cause: 'recreate', fields: [{}, {}, {}, { to: 'recreated' }] });
  });

  it('tells a file that differs, with its text', () => {
    deployed();
    write('config/app.yml', 'a: 2\n');
    expect(look()).toMatchObject({
      cause: 'reload',
      fields: [
        { field: 'config/app.yml', from: 'a: 2\n', to: 'a: 1\n' },
        { field: 'service app', to: 'reloaded' },
      ],
    });
  });

  it('touches no service for a file that none mounts', () => {
    deployed();
    write('README', 'another\n');
    expect(look()).toMatchObject({ cause: 'content differs', fields: [{ field: 'README', from: 'another\n' }] });
  });

  it('tells files it wrote that are no longer declared, and names those of others', () => {
    deployed();
    write('config/targets.json', '[]');
    const { 'config/rules/r.yml': rule, ...files } = spec.files!;
    expect(look({ ...spec, files })).toMatchObject({
      cause: 'reload',
      fields: [{ field: 'config/rules/r.yml', from: rule, to: undefined }, { field: 'service app' }],
      notes: [expect.anything(), 'Left alone, not written by hadeploy: config/targets.json.'],
    });
  });

  it('sees that a mounted file was touched after it was loaded, and that a later start has loaded it', () => {
    deployed();
    const long = new Date('2026-11-01T09:59:59Z');
    for (const name of ['config', 'config/rules', 'config/app.yml', 'config/rules/r.yml'])
      utimesSync(at(name), long, long);
    utimesSync(at('.hadeploy.json'), new Date('2026-10-01'), new Date('2026-10-01'));
    expect(look()).toMatchObject({ cause: 'reload', fields: [{ field: 'service app', to: 'reloaded' }] });
  });

  it('shows bytes that are no text by their digest', () => {
    const bytes = new Uint8Array([0xff, 0, 1, 10, 13]);
    const binary = { ...spec, files: { 'config/key': bytes } };
    write('config/key', 'old');
    expect(look(binary)).toMatchObject({
      fields: [{ field: 'compose.yml' }, { field: 'config/key', from: 'old', to: `sha256:${sha256(bytes)}` }, {}],
    });
  });

  it('tells mode and owner', () => {
    deployed();
    chmodSync(at('config/app.yml'), 0o600);
    expect(look()).toMatchObject({
      fields: [
        { field: 'config/app.yml mode', from: '0600', to: '0644' },
        { field: 'service app', to: 'reloaded' },
      ],
    });
  });

  it('is read-only', () => {
    deployed();
    const stamps = () => readdirSync(at(''), { recursive: true }).map((name) => statSync(at(String(name))).ctimeMs);
    const before = stamps();
    write('config/x', 'x');
    rmSync(at('config/x'));
    const touched = stamps();
    expect(touched).not.toEqual(before);
    look();
    expect(stamps()).toEqual(touched);
  });
});

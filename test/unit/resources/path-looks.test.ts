import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frame, unframe } from '../../../src/posix/frame.ts';
import type { Script } from '../../../src/posix/script.ts';
import { image } from '../../../src/resources/image.ts';
import { packages } from '../../../src/resources/package.ts';
import { service } from '../../../src/resources/service.ts';
import { localShells, runHere } from '../../support/local-shells.ts';

const id = (letter: string) => `sha256:${letter.repeat(64)}`;
const line = (tags: string, digests: string, letter: string) =>
  `${tags}|${digests}|${id(letter)}|<no value>|<no value>|||nobody|<no value>`;
const mark = 'b0a7d5f2c4e8419693d7';
let folder: string;

/** A program that notes its first word, and does the rest. */
function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $1" >>'${folder}/started'\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}
const started = () => readFileSync(join(folder, 'started'), 'utf8').trim().split('\n');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hadeploy-looks-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(localShells())('one look for many probes in $name', (shell) => {
  const answers = (scripts: readonly Script[]) => {
    const { stdout, stderr } = runHere({ ...shell, path: `${folder}:${shell.path}` }, frame(scripts, mark));
    return unframe(stdout, stderr, mark, scripts.length)!;
  };
  const seen = (...names: readonly string[]) => {
    const told = answers(names.map((name) => image.probe({ name })));
    return names.map((name, index) => image.parse(told[index]!, { name }));
  };

  it('finds images by tag and by digest, and asks again only for one that it did not find', () => {
    const digest = `prom/other@${id('d')}`;
    const listed = [line('["x/prom:v1","prom:latest"]', '[]', 'a'), line('[]', `["${digest}"]`, 'b')].join('\n');
    program('docker', `case $1 in inspect) printf '%s\\n' '${listed}'; exit 1 ;; image) exit 1 ;; esac`);
    const names = ['docker.io/x/prom:v1', 'prom', `prom/other:v3@${id('d')}`, 'prom:v1', 'x/pro?:v1'];
    expect(seen(...names)).toEqual([{ id: id('a') }, { id: id('a') }, { id: id('b') }, undefined, undefined]);
    expect(started()).toEqual(['docker inspect', 'docker image', 'docker image']);
  });

  it('says of a Docker that gives no answer that it gives none, and waits for it once', () => {
    program('docker', 'exit 124');
    expect(seen('a:1', 'b:1')).toEqual(Array(2).fill({ fault: '`docker image inspect` gave no answer within 10 s' }));
    expect(started()).toEqual(['docker inspect']);
  });

  it('asks systemd once, and anew for a unit that goes by another name', () => {
    const unit = (name: string, state: string) =>
      `Id=${name}.service\\nLoadState=loaded\\nActiveState=${state}\\nUnitFileState=enabled\\nCanReload=no\\nNeedDaemonReload=no\\n`;
    const all = [unit('a', 'active'), unit('ab', 'failed'), unit('real', 'inactive')].join('\\n');
    program('systemctl', `[ "$2" = -p ] && [ "$3" = Id ] && printf '${all}' || printf '${unit('real', 'inactive')}'`);
    const specs = ['ab', 'a', 'alias'].map((name) => ({ name, state: 'started' }) as const);
    const told = answers(specs.map((spec) => service.probe(spec)));
    const states = specs.map((spec, index) => service.parse(told[index]!, spec));
    expect(states).toMatchObject([{ state: 'failed' }, { state: 'started' }, { state: 'stopped' }]);
    expect(started()).toEqual(['systemctl show', 'systemctl show']);
  });

  it('asks for all packages at once', () => {
    program('apt-get', '');
    program('dpkg-query', `printf 'installed a amd64 1\\ninstalled b amd64 2\\n'; exit 1`);
    const specs = [{ name: ['a', 'c'] }, { name: 'b' }];
    const told = answers(specs.map((spec) => packages.probe(spec)));
    expect(specs.map((spec, index) => packages.parse(told[index]!, spec))).toEqual([{ a: '1' }, { b: '2' }]);
    expect(started()).toEqual(['dpkg-query -W']);
  });
});

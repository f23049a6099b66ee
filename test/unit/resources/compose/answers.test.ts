import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isDeed } from '../../../../src/resources/change.ts';
import type { ComposeSpec } from '../../../../src/resources/compose/schema.ts';
import { compose } from '../../../../src/resources/compose.ts';

interface Wish {
  readonly interval?: string;
  readonly b?: boolean;
  readonly image?: string;
  readonly side?: boolean;
}

/** The bundle whose answers were recorded with docker 26.1 and compose 2.26. */
function bundle({ interval = '15s', b = true, image = 'x:1', side = true }: Wish): ComposeSpec {
  const idle = `    entrypoint: [/bin/busybox, sleep, "100000"]\n    init: true\n`;
  const app = `  app:\n    image: ${image}\n${idle}    volumes: ["./config:/etc/app:ro"]\n`;
  return {
    project: 'app',
    path: '/opt/app',
    compose: `services:\n${app}${side ? `  side:\n    image: x:1\n${idle}` : ''}`,
    files: { 'config/app.yml': `interval: ${interval}\n`, ...(b && { 'config/b.yml': 'b\n' }) },
    services: { app: { reload: 'USR1', check: 'busybox cat /etc/app/app.yml' } },
  };
}

/** What is planned on a recorded answer: the cause, each field as `name: from → to`, and the notes. */
function planned(answer: string, spec: ComposeSpec): unknown {
  const stdout = readFileSync(new URL(`answers/${answer}.txt`, import.meta.url), 'utf8');
  const seen = compose.parse({ code: 0, stdout, stderr: '' }, spec);
  const change = compose.diff(spec, seen, { disturbed: false });
  if (!isDeed(change)) return change.action;
  const text = (value: unknown) => (String(value).includes('\n') ? 'text' : String(value));
  return {
    cause: change.cause,
    fields: change.fields.map(({ field, from, to }) => `${field}: ${text(from)} → ${text(to)}`),
    ...(change.notes && { notes: change.notes }),
  };
}

/** The spec that describes what was found before one was applied. */
function former(answer: string, spec: ComposeSpec): ComposeSpec {
  const stdout = readFileSync(new URL(`answers/${answer}.txt`, import.meta.url), 'utf8');
  const found = compose.former!(spec, compose.parse({ code: 0, stdout, stderr: '' }, spec));
  if (found === undefined || !('spec' in found)) throw new Error(JSON.stringify(found));
  return found.spec;
}

describe('answers recorded on a host', () => {
  it('nothing is there: everything is made', () => {
    expect(planned('fresh', bundle({ b: false }))).toEqual({
      cause: 'create',
      fields: [
        'compose.yml: undefined → text',
        'config/app.yml: undefined → text',
        'service app: undefined → created',
        'service side: undefined → created',
      ],
    });
  });

  it('everything is as recorded', () => {
    expect(planned('settled', bundle({}))).toBe('none');
  });

  it('a mounted file differs: only the service that mounts it is reloaded', () => {
    expect(planned('file-changed', bundle({ interval: '20s' }))).toEqual({
      cause: 'reload',
      fields: ['config/app.yml: text → text', 'service app: running → reloaded'],
      notes: ['app is reloaded: config/app.yml changed.'],
    });
  });

  it('a file that hadeploy wrote is no longer declared', () => {
    expect(planned('file-gone', bundle({ b: false }))).toEqual({
      cause: 'reload',
      fields: ['config/b.yml: text → undefined', 'service app: running → reloaded'],
      notes: ['app is reloaded: config/b.yml changed.'],
    });
  });

  it('another image and one service less', () => {
    expect(planned('image-and-service', bundle({ image: 'x:2', side: false }))).toEqual({
      cause: 'recreate',
      fields: [
        'compose.yml: text → text',
        'image x:2: undefined → pulled',
        'service app: running → recreated',
        'service side: running → removed',
      ],
      notes: [
        'app is recreated: its definition differs.',
        'side is removed: the compose file has no such service.',
        'The files of app are checked after x:2 was pulled, before anything is touched.',
      ],
    });
  });

  it('a container was stopped by hand', () => {
    expect(planned('stopped', bundle({}))).toEqual({
      cause: 'start',
      fields: ['service app: exited → started'],
      notes: ['app is started: it is stopped.'],
    });
  });

  it('a run broke off between writing a file and the reload', () => {
    expect(planned('missed', bundle({ interval: '25s' }))).toEqual({
      cause: 'reload',
      fields: ['service app: running → reloaded'],
      notes: ['app is reloaded: it was not seen to load its files as they are now.'],
    });
  });

  it('the same, but the container was started again since, so it has read its files', () => {
    expect(planned('missed-but-restarted', bundle({ interval: '25s' }))).toBe('none');
  });

  it('the reference names another image by now', () => {
    expect(planned('retag', bundle({ interval: '25s' }))).toEqual({
      cause: 'recreate',
      fields: ['service app: running → recreated', 'service side: running → recreated'],
      notes: ['app is recreated: x:1 now names another image.', 'side is recreated: x:1 now names another image.'],
    });
  });

  it('it is wanted no more', () => {
    expect(planned('absent', { project: 'app', path: '/opt/app', state: 'absent' })).toEqual({
      cause: 'no longer wanted',
      fields: [
        'service app: running → undefined',
        'service side: running → undefined',
        'compose.yml: text → undefined',
        'config/app.yml: text → undefined',
        'config/b.yml: text → undefined',
      ],
      notes: ['Its volumes are kept.'],
    });
  });

  it('what compose would label otherwise is left alone when the record knows the label: compose was upgraded', () => {
    const spec = bundle({ interval: '20s' });
    const stdout = readFileSync(new URL('answers/file-changed.txt', import.meta.url), 'utf8');
    const upgraded = stdout.replaceAll(/^(hash \S+ )[0-9a-f]{8}/gm, '$100000000');
    expect(upgraded).not.toBe(stdout);
    const change = compose.diff(spec, compose.parse({ code: 0, stdout: upgraded, stderr: '' }, spec), {
      disturbed: false,
    });
    expect(change).toMatchObject({ cause: 'reload' });
  });

  it('what it was is read from the host, so that it can be put back: every file, the image, what ran', () => {
    const was = former('image-and-service', bundle({ image: 'x:2', side: false }));
    const before = bundle({});
    expect(was).toMatchObject({ project: 'app', services: { app: { reload: 'USR1' } } });
    expect(was.services).not.toHaveProperty('side');
    const text = (content: unknown) => new TextDecoder().decode(content as Uint8Array);
    expect(was.compose).toBe(before.compose);
    expect(Object.entries(was.files!).map(([name, content]) => [name, text(content)])).toEqual(
      Object.entries(before.files!),
    );
    expect(was.former).toMatchObject({
      access: { 'config/b.yml': { mode: '0644', owner: 'root:root' } },
      images: { 'x:1': expect.stringMatching(/^sha256:b948/) },
      unfit: {},
    });
    expect(planned('settled', was)).toBe('none');
    expect(JSON.stringify(was.services)).not.toContain('check');
  });

  it('where the reference names another image by now, that is put back as well', () => {
    const was = former('retag', bundle({ interval: '25s' }));
    expect(planned('retag', was)).toEqual({
      cause: 'content differs',
      fields: [expect.stringMatching(/^image x:1: sha256:5fb4.* → sha256:b948/)],
    });
  });

  it('what did not run is put back without being started', () => {
    const was = former('stopped', bundle({}));
    expect(was.former!.unfit).toEqual({ app: 'stopped' });
    expect(planned('stopped', was)).toBe('none');
    expect(planned('file-changed', was)).toMatchObject({
      fields: expect.arrayContaining(['service app: running → returned']),
    });
  });

  it('what was not there is gone again', () => {
    expect(former('fresh', bundle({ b: false }))).toEqual({ project: 'app', path: '/opt/app', state: 'absent' });
  });

  it('a record that is none counts as never written: nothing is removed', () => {
    const stdout = readFileSync(new URL('answers/file-gone.txt', import.meta.url), 'utf8');
    const torn = stdout.replace(/^record \S{40}/m, 'record eyJh').replace('\nsettled', '');
    const spec = bundle({ b: false });
    const seen = compose.parse({ code: 0, stdout: torn, stderr: '' }, spec);
    expect(seen).toMatchObject({ record: undefined });
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Deed, isDeed } from '../../../../src/resources/change.ts';
import type { Observed } from '../../../../src/resources/compose/observed.ts';
import type { ComposeSpec } from '../../../../src/resources/compose/schema.ts';
import { compose } from '../../../../src/resources/compose.ts';
import type { Step } from '../../../../src/resources/step.ts';

const idle = `    entrypoint: [/bin/busybox, sleep, "100000"]\n    init: true\n`;
const bundle = (interval: string, image = 'x:1', side = true): ComposeSpec => ({
  project: 'app',
  path: '/opt/app',
  mode: '0640',
  group: 65534,
  compose: `services:\n  app:\n    image: ${image}\n${idle}    volumes: ["./config:/etc/app:ro"]\n${side ? `  side:\n    image: x:1\n${idle}` : ''}`,
  files: { 'config/app.yml': `interval: ${interval}\n`, 'config/b.yml': 'b\n' },
  services: {
    app: {
      reload: 'USR1',
      check: 'busybox cat /etc/app/app.yml',
      loaded: { metrics: 'http://127.0.0.1:80/metrics', time: 't', success: 's' },
    },
  },
  timeout: 30,
});

/** The change and the steps for a bundle on a recorded answer, whose owners and modes are made to fit. */
function stepsOn(answer: string, spec: ComposeSpec): { change: Deed; seen: Observed; steps: readonly Step[] } {
  const recorded = readFileSync(new URL(`answers/${answer}.txt`, import.meta.url), 'utf8');
  const stdout = recorded.replaceAll('81a4 0 0 root|root', '81a0 0 65534 root|nogroup');
  const seen = compose.parse({ code: 0, stdout, stderr: '' }, spec) as Observed;
  const change = compose.diff(spec, seen, { disturbed: false });
  if (!isDeed(change)) throw new Error(`no deed: ${JSON.stringify(change)}`);
  return { change, seen, steps: compose.apply(spec, change, seen) };
}

const told = (steps: readonly Step[]) => steps.map((step) => ('what' in step ? step.what : `${step.do} ${step.path}`));

describe('steps', () => {
  it('pull and check before anything is touched, the record before the files, compose.yml last of them', () => {
    expect(told(stepsOn('image-and-service', bundle('15s', 'x:2', false)).steps)).toEqual([
      'pull x:2',
      'check the new files of app',
      'make the folders of app',
      'write /opt/app/.hadeploy.json',
      'write /opt/app/compose.yml',
      'recreate app',
      'see that app has loaded its files',
      'see that app runs, and record it',
    ]);
  });

  it('clear away what a recreation left that broke off, before compose comes to it', () => {
    const { steps } = stepsOn('image-and-service', bundle('15s', 'x:2', false));
    const recreate = steps.find((step) => step.do === 'run' && step.what === 'recreate app');
    const { text } = recreate?.do === 'run' ? recreate.script : { text: '' };
    const order = ['name=^/?[0-9a-f]{12}_', 'docker rm -f $half', ' up -d --no-deps '].map((part) =>
      text.indexOf(part),
    );
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('a changed file is written as declared, and only reloaded', () => {
    const { steps } = stepsOn('file-changed', bundle('20s'));
    expect(told(steps)).toEqual([
      'check the new files of app',
      'make the folders of app',
      'write /opt/app/.hadeploy.json',
      'write /opt/app/config/app.yml',
      'reload app',
      'see that app runs, and record it',
    ]);
    expect(steps[3]).toEqual({
      do: 'write',
      path: '/opt/app/config/app.yml',
      content: 'interval: 20s\n',
      mode: '0640',
      owner: 'root:65534',
    });
  });

  it('while at work the record owns old and new files, and knows nothing of what it touches', () => {
    const { files, ...rest } = bundle('20s');
    const spec = { ...rest, files: { 'config/app.yml': files!['config/app.yml']!, 'config/c.yml': 'c\n' } };
    const write = stepsOn('file-changed', spec).steps.find((step) => step.do === 'write');
    const record = JSON.parse(String(write?.do === 'write' && write.content));
    expect(record).not.toHaveProperty('containers');
    expect(Object.keys(record.files)).toEqual(['compose.yml', 'config/app.yml', 'config/b.yml', 'config/c.yml']);
    expect(record.loaded).toEqual({});
    expect(Object.keys(record.definitions)).toEqual(['service side', 'network default']);
  });

  it('the check is made while planning only where the image is there', () => {
    const there = stepsOn('file-changed', bundle('20s'));
    const script = compose.check!(bundle('20s'), there.change, there.seen)!.text;
    expect(script).toContain('--network none');
    expect(script).toContain("printf %s 'interval: 20s\n'");
    const spec = bundle('15s', 'x:2', false);
    const { change, seen } = stepsOn('image-and-service', spec);
    expect(compose.check!(spec, change, seen)).toBeUndefined();
  });

  it('what is no longer declared is taken down with the files hadeploy wrote, folders only when empty', () => {
    const spec = compose.absent!(bundle('15s'))!;
    expect(spec).toEqual({ project: 'app', path: '/opt/app', state: 'absent' });
    expect(told(stepsOn('absent', spec).steps)).toEqual([
      'docker compose down for app',
      'remove /opt/app/config/app.yml',
      'remove /opt/app/config/b.yml',
      'remove /opt/app/compose.yml',
      'remove /opt/app/.hadeploy.json',
      'remove the folders of app that are empty',
    ]);
  });
});

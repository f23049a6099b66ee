import { expect, it } from 'vitest';
import { Refusal } from '../../../src/diagnostics/diagnostic.ts';
import type { Answer } from '../../../src/posix/frame.ts';
import { sh } from '../../../src/posix/script.ts';
import { http } from '../../../src/resources/http.ts';
import type { AnyKind } from '../../../src/resources/kind.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { earlyQuestions, told } from '../../../src/run/early-look.ts';

/** A kind that takes the JSON which its probe always prints for granted. */
const trusting: Partial<AnyKind> = { probe: () => sh`cat state.json`, parse: ({ stdout }) => JSON.parse(stdout) };
const kinds = new Map([['trusting', trusting as AnyKind]]);
const resource: Resource = {
  host: 'a',
  kind: 'trusting',
  id: 'trusting:state',
  spec: {},
  task: { name: 'It stands', at: { file: 'site.yml', line: 1, col: 1 }, tags: [] },
  become: true,
  notify: [],
  noLog: false,
};

/** What the first conversation tells of the resource when its probe prints this. */
const lookAt = (stdout: string) =>
  earlyQuestions([resource], kinds, true).look(Promise.resolve([{ code: 0, stdout, stderr: '' }]), async () => ({
    status: 200,
    body: '',
  }));

it('reads answers', async () => {
  const find = told(await lookAt('{"is":1}'));
  expect(find(resource)).toEqual({ observed: { is: 1 } });
  expect(find({ ...resource, spec: {} })).toEqual({ observed: { is: 1 } });
  expect(find({ ...resource, spec: { other: true } })).toBeUndefined();
  expect(find({ ...resource, become: false })).toBeUndefined();
});

it('refuses an answer that makes no sense, as later looks do', async () => {
  const fault: unknown = await lookAt('{"is').catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Refusal);
  expect((fault as Refusal).diagnostics).toMatchObject([{ code: 'garbled-answer', host: 'a', step: 'It stands' }]);
});

it('waits for no page longer than for the scripts', async () => {
  const page = (url: string): Resource => ({ ...resource, kind: 'http', id: url, spec: { url } });
  const [quick, slow] = [page('http://127.0.0.1/quick'), page('http://127.0.0.1/slow')];
  const all = new Map([...kinds, ['http', http]]);
  const scripts = new Promise<readonly Answer[]>((resolve) => {
    setImmediate(() => resolve([{ code: 0, stdout: '{}', stderr: '' }]));
  });
  const { look } = earlyQuestions([resource, quick, slow], all, true);
  const find = told(
    await look(scripts, ({ url }) =>
      url.endsWith('/quick') ? Promise.resolve({ status: 200, body: 'here' }) : new Promise(() => {}),
    ),
  );
  expect(find(quick)).toEqual({ observed: { status: 200, body: 'here' } });
  expect(find(slow)).toBeUndefined();
});

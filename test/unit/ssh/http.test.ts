import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askFromHere } from '../../../src/ssh/http.ts';
import { freePort } from './sshd.ts';

const server = createServer((request, response) => {
  if (request.url === '/ready') response.end(`${request.method} ready`);
  if (request.url === '/slow') response.write('a beginning');
});
let origin: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const ask = (url: string, timeoutS = 5) =>
  askFromHere({ from: 'controller', method: 'GET', url, headers: {}, timeoutS });

it('asks from this machine', async () => {
  expect(await ask(`${origin}/ready`)).toEqual({ status: 200, body: 'GET ready' });
});

it('gives the reason when there is no answer', async () => {
  expect(await ask(`${origin}/slow`, 0.2)).toEqual({ status: undefined, error: 'no answer within 0.2 s' });
  expect(await ask(`http://127.0.0.1:${await freePort()}/`)).toEqual({
    status: undefined,
    error: 'connection refused',
  });
  expect(await ask('http://nowhere.invalid/')).toEqual({ status: undefined, error: 'the name cannot be resolved' });
  expect(await ask('not a url')).toEqual({ status: undefined, error: 'not a url is not an http:// URL' });
});

import { expect, it } from 'vitest';
import { isAtLeast, versionOf } from '../../../src/topology/image.ts';

it.each([
  ['prom/alertmanager:v0.28.1', [0, 28]],
  ['prom/alertmanager:0.30.0', [0, 30]],
  ['registry.example:5000/prom/prometheus:v3.5.0@sha256:0123', [3, 5]],
  ['prom/prometheus:v3.10.0-distroless', [3, 10]],
  ['prom/prometheus:v3.11-busybox', [3, 11]],
  ['alertmanager:v0.31.0-rc.1', [0, 31]],
  ['prom/alertmanager:latest', undefined],
  ['prom/alertmanager', undefined],
  ['registry.example:5000/prom/alertmanager', undefined],
  ['registry.example:5000/prom/alertmanager@sha256:01', undefined],
  ['prom/alertmanager:main-2.5', undefined],
])('%s names version %j', (image, version) => {
  expect(versionOf(image)).toEqual(version);
});

it.each([
  ['a:v0.30.0', true],
  ['a:v0.29.9', false],
  ['a:v1.0.0', true],
  ['a:latest', false],
])('%s is at least 0.30: %s', (image, expected) => {
  expect(isAtLeast(image, [0, 30])).toBe(expected);
});

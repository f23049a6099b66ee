import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/resources/http-judge.ts';

const body = JSON.stringify({
  status: 'success',
  data: {
    cluster: { status: 'ready', peers: [{ address: '10.0.0.1:9094' }, { address: '10.0.0.2:9094' }] },
    targets: [
      { health: 'up', labels: { job: 'a' } },
      { health: 'down', labels: { job: 'b' } },
    ],
    none: [],
    count: 2,
    nothing: null,
  },
});

describe('an HTTP answer', () => {
  it.each([
    ['is right by its status', { status: [200] }, undefined],
    ['may have one of several', { status: [204, 200] }, undefined],
    ['has another status', { status: [204, 404] }, 'answers 200, not 204 or 404'],
    ['holds a text', { status: [200], contains: '"ready"' }, undefined],
    ['lacks a text', { status: [200], contains: 'absent' }, 'the body does not contain "absent"'],
    ['holds values', { status: [200], json: { status: 'success', 'data.cluster.status': 'ready' } }, undefined],
    ['holds another value', { status: [200], json: { 'data.count': '2' } }, 'data.count is 2, not "2"'],
    [
      'holds a value in every element',
      { status: [200], json: { 'data.cluster.peers[].address': 'x' } },
      'data.cluster.peers[].address is "10.0.0.1:9094", not "x"',
    ],
    [
      'has one element that is wrong',
      { status: [200], json: { 'data.targets[].health': 'up' } },
      'data.targets[].health is "down", not "up"',
    ],
    [
      'holds exactly these elements, in any order',
      { status: [200], json: { 'data.cluster.peers[].address': ['10.0.0.2:9094', '10.0.0.1:9094'] } },
      undefined,
    ],
    [
      'holds one element too few',
      { status: [200], json: { 'data.cluster.peers[].address': ['10.0.0.1:9094', '10.0.0.2:9094', '10.0.0.3:9094'] } },
      'data.cluster.peers[].address are ["10.0.0.1:9094", "10.0.0.2:9094"], not ["10.0.0.1:9094", "10.0.0.2:9094", "10.0.0.3:9094"]',
    ],
    [
      'has no element at all',
      { status: [200], json: { 'data.none[].health': 'up' } },
      'data.none[].health is an empty list',
    ],
    ['has an element by number', { status: [200], json: { 'data.targets.1.health': 'down' } }, undefined],
    [
      'has whole structures in any order of keys',
      { status: [200], json: { 'data.targets.0': { labels: { job: 'a' }, health: 'up' } } },
      undefined,
    ],
    ['has a list compared in its order', { status: [200], json: { 'data.none': [] } }, undefined],
    [
      'lacks a value',
      { status: [200], json: { 'data.clutser.status': 'ready' } },
      'data.clutser.status is not in the body',
    ],
    [
      'lacks what is no list',
      { status: [200], json: { 'data.cluster[].status': 'ready' } },
      'data.cluster[].status is not in the body',
    ],
    [
      'takes nothing from prototypes',
      { status: [200], json: { 'data.constructor.name': 'Object' } },
      'data.constructor.name is not in the body',
    ],
    ['holds null', { status: [200], json: { 'data.nothing': null } }, undefined],
  ])('%s', (_, want, why) => {
    expect(judge({ status: 200, body }, want)).toBe(why);
  });

  it('that is no JSON says so', () => {
    expect(judge({ status: 200, body: '<html>' }, { status: [200], json: { a: 1 } })).toBe('the body is no JSON');
  });

  it('that never came says why', () => {
    expect(judge({ status: undefined, error: 'connection refused' }, { status: [200] })).toBe(
      'no answer: connection refused',
    );
  });
});

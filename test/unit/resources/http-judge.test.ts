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

const silences = (...all: readonly (readonly [id: string, state: string])[]) =>
  JSON.stringify(all.map(([id, state]) => ({ id, status: { state }, endsAt: 'soon' })));
const targets = (...all: readonly (readonly [url: string, health: string])[]) =>
  JSON.stringify({
    data: { activeTargets: all.map(([scrapeUrl, health]) => ({ scrapeUrl, health, lastScrape: 'x' })) },
  });
const ids = { path: '[status.state=active].{id,endsAt}' };
const up = { path: 'data.activeTargets[health=up].{scrapeUrl}', among: 'data.activeTargets[].{scrapeUrl}' };

describe('a page that includes another', () => {
  it.each([
    [
      'has the same in any order',
      ids,
      silences(['a', 'active'], ['b', 'active']),
      silences(['b', 'active'], ['a', 'active']),
      undefined,
    ],
    ['has more', ids, silences(['a', 'active'], ['b', 'active']), silences(['a', 'active']), undefined],
    ['is empty as the other is', ids, '[]', '[]', undefined],
    [
      'lacks what is not chosen',
      ids,
      silences(['a', 'active']),
      silences(['a', 'active'], ['b', 'expired']),
      undefined,
    ],
    [
      'has something in another state',
      ids,
      silences(['a', 'active'], ['b', 'expired']),
      silences(['b', 'active']),
      '[status.state=active].{id,endsAt} lacks what the other page has: {"endsAt":"soon","id":"b"}',
    ],
    [
      'lacks many',
      { path: '[].id' },
      '[]',
      silences(['a', ''], ['b', ''], ['c', ''], ['d', ''], ['e', '']),
      '[].id lacks what the other page has: "a", "b", "c" and 2 more',
    ],
    [
      'does not know of something',
      up,
      targets(['a', 'up'], ['b', 'down']),
      targets(['a', 'up'], ['c', 'up']),
      undefined,
    ],
    [
      'knows of something, but not as the other does',
      up,
      targets(['a', 'down'], ['b', 'up']),
      targets(['a', 'up'], ['c', 'up']),
      `${up.path} lacks what the other page has: {"scrapeUrl":"a"}`,
    ],
    ['is no JSON here', ids, '<', '[]', 'the body is no JSON'],
    ['is no JSON there', ids, '[]', '<', 'the other body is no JSON'],
  ])('%s', (_, includes, own, other, why) => {
    const beside = { status: 200, body: other };
    expect(judge({ status: 200, body: own, beside }, { status: [200], includes })).toBe(why);
  });

  it('needs the other', () => {
    const want = { status: [200], includes: ids };
    expect(judge({ status: 200, body: '[]' }, want)).toBe('the other page: not asked yet');
    const beside = { status: undefined, error: 'connection refused' } as const;
    expect(judge({ status: 200, body: '[]', beside }, want)).toBe('the other page: no answer: connection refused');
    expect(judge({ status: 200, body: '[]', beside: { status: 503, body: '' } }, want)).toBe(
      'the other page: answers 503, not 200',
    );
  });
});

describe('a counter', () => {
  const page = (...counts: readonly (readonly [peer: string, count: number])[]) =>
    [
      '# TYPE pings counter',
      'pings_sum 9',
      ...counts.map(([peer, count]) => `pings{peer="${peer}"} ${count}`),
      '',
    ].join('\n');
  const rises = { metric: 'pings', series: 2 };
  it.each([
    ['rises in each series', page(['a', 1], ['b', 1e6]), page(['a', 2], ['b', 1.000001e6]), undefined],
    ['stands still in one', page(['a', 1], ['b', 1]), page(['a', 1], ['b', 2]), 'pings rises in 1 of 2 series'],
    ['has begun anew', page(['a', 7], ['b', 7]), page(['a', 1], ['b', 8]), undefined],
    ['has only begun', page(['a', 7]), page(['a', 8], ['b', 0]), 'pings rises in 1 of 2 series'],
    [
      'has series that are new, and one that no longer rises',
      page(['a', 7], ['old', 7]),
      page(['a', 8], ['new', 1], ['old', 7]),
      undefined,
    ],
    ['is not there', page(), page(), 'pings rises in 0 of 2 series'],
    ['is asked for the first time', undefined, page(['a', 1], ['b', 1]), 'there is no earlier answer to compare with'],
  ])('%s', (_, earlier, body, why) => {
    const answer = { status: 200, body, ...(earlier !== undefined && { earlier }) };
    expect(judge(answer, { status: [200], rises })).toBe(why);
  });

  it('may have no labels', () => {
    const answer = { status: 200, earlier: 'pings 1', body: 'pings 2 1700000000' };
    expect(judge(answer, { status: [200], rises: { metric: 'pings', series: 1 } })).toBeUndefined();
  });
});

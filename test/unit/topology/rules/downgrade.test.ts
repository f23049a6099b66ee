import { describe, expect, it } from 'vitest';
import { downgrades } from '../../../../src/topology/rules/downgrade.ts';
import { explainRule } from '../../../../src/topology/rules/explain-rule.ts';
import { soundFiles, surveyOf } from './sound.ts';

const survey = surveyOf(soundFiles);
const compose = (image: string) => `services:\n  prometheus:\n    image: ${image}\n`;
const found = (from: string, to: string, project = 'federator1-a') =>
  downgrades(survey, [{ host: 'mon-a', project, from: compose(from), to: compose(to) }]).map(({ what }) => what);

describe('a federator that would lose its data', () => {
  it.each([
    ['prom/prometheus:v3.5.0', 'prom/prometheus:v2.53.3', true],
    ['"prom/prometheus:v3.0.1@sha256:00"', 'registry:5000/prom/prometheus:v2.54.1', true],
    ['prom/prometheus:v3.5.0', 'prom/prometheus:v2.55.1', false],
    ['prom/prometheus:v3.5.0', 'prom/prometheus:v3.0.0', false],
    ['prom/prometheus:v2.53.3', 'prom/prometheus:v2.45.0', false],
    ['prom/prometheus:v3.5.0', 'prom/prometheus:main', false],
  ])('from %s to %s: %s', (from, to, refused) => {
    expect(found(from, to)).toHaveLength(refused ? 1 : 0);
  });

  it('is named with its host, its place, and what accepts it; a scraper may go back', () => {
    const [old, older] = ['prom/prometheus:v3.5.0', 'prom/prometheus:v2.53.3'];
    expect(found(old, older)).toEqual(['federator1-a on mon-a would go back from Prometheus 3.5 to 2.53.']);
    expect(found(old, older, 'scraper1-a')).toEqual([]);
    const all = downgrades(survey, [
      { host: 'mon-a', project: 'federator1-a', from: compose(old), to: compose(older) },
    ]);
    expect(all).toMatchObject([
      { code: 'data-loss', at: { file: 'prod/topology.yml' }, mend: expect.stringContaining('--accept-data-loss') },
    ]);
    expect(explainRule('data-loss')).toContain('Prometheus 3');
  });
});

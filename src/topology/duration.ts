const UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** What a duration looks like: `15s`, `1h30m`. */
export const DURATION = '^([0-9]+(ms|[smhdwy]))+$';

/** The seconds of a duration as Prometheus writes it; a year has 365 days. NaN for a text that is none. */
export function secondsOf(duration: string): number {
  if (!new RegExp(DURATION).test(duration)) return Number.NaN;
  const parts = [...duration.matchAll(/([0-9]+)(ms|[smhdwy])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}

/** The shorter of two durations, as it was written. */
export function shorter(a: string, b: string): string {
  return secondsOf(b) < secondsOf(a) ? b : a;
}

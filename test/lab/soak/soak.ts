import { query } from '../estate/ask.ts';
import { eventually } from '../estate/eventually.ts';
import type { Lab } from '../lab/lab.ts';
import { ALWAYS, startAlerts } from './alerts.ts';
import type { Estate } from './estate.ts';
import { historiesOf } from './histories.ts';
import { watchHolders } from './holders.ts';
import type { Told } from './program.ts';
import { startPushers } from './pushers.ts';
import type { Page, Push, Reading, Recording, Round } from './recording.ts';
import { GROUP_INTERVAL, SCRAPE_EVERY } from './timing.ts';
import { readCanary, watchMembers } from './watch.ts';

/**
 * Lets everything run on an estate, calls `roll` once all of it is to be seen, and gives what was written down; rejects
 * where the roll ends with another code than `wanted`.
 */
export async function soak(lab: Lab, estate: Estate, roll: () => Promise<Told>, wanted: number): Promise<Recording> {
  const pushes: Push[] = [];
  const readings: Reading[] = [];
  const pages: Page[] = [];
  const rounds: Round[] = [];
  const alerts = await startAlerts(lab.bridgeAddress, (page) => pages.push(page));
  const holdings = await watchHolders(
    lab,
    estate.doors.map(({ address }) => address),
  );
  const stops = [
    () => alerts.stop(),
    startPushers(estate.doors, (push) => pushes.push(push)),
    watchMembers(estate.members, (round) => rounds.push(round)),
    readCanary(estate.federators, (reading) => readings.push(reading)),
  ];
  try {
    await warm(estate, pages);
    const from = Date.now();
    const { log, code, ...span } = await roll();
    if (code !== wanted) throw new Error(`The roll ended with code ${code}, not ${wanted}.`);
    await passed(span.to + 2 * GROUP_INTERVAL);
    const to = Date.now();
    const histories = await Promise.all(
      estate.federators.map((federator) => historiesOf(federator, { from: from - 4 * SCRAPE_EVERY, to })),
    );
    const since = ({ at }: { readonly at: number }) => at >= from && at <= to;
    return {
      soak: { from, to },
      roll: span,
      pushes: pushes.filter(since),
      readings: readings.filter(since),
      raised: alerts.raised(),
      pages,
      rounds: rounds.filter(since),
      cells: estate.cells,
      holdings: await holdings(),
      histories: histories.flat(),
      log,
    };
  } finally {
    for (const stop of stops) stop();
  }
}

/** Returns once both federators show every series, and the lasting alert and a passing one were told. */
async function warm({ federators, doors }: Estate, pages: readonly Page[]): Promise<void> {
  const shown = 'count(soak:canary:max) + count(pushgateway:newest:value{metric_name="soak_pushed_seconds"})';
  for (const { name, server } of federators)
    await eventually(
      `${name} shows what is pushed and scraped`,
      async () => (await query(server, shown))[0]?.value,
      (found) => found === 1 + 2 * doors.length,
      180,
    );
  await eventually(
    'alerts are told',
    async () => pages.map(({ number }) => number),
    (told) => told.includes(ALWAYS) && told.some((number) => Number(number) > 1),
    300,
  );
}

const passed = (time: number) =>
  eventually(
    'time passes',
    async () => Date.now(),
    (now) => now > time,
    600,
  );

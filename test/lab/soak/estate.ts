import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Door } from '../estate/bench.ts';
import { hadeploy } from '../estate/hadeploy.ts';
import { estateInventory } from '../estate/inventory.ts';
import type { Lab } from '../lab/lab.ts';
import type { Cell } from './recording.ts';
import { GROUP_INTERVAL, GROUP_WAIT, SLOW_PUSH_EVERY } from './timing.ts';
import type { Member } from './watch.ts';

/** Images of a generation, as the lab's registry has them. */
export const generations = {
  old: {
    prometheus: 'prom/prometheus:v2.42.0',
    alertmanager: 'prom/alertmanager:v0.25.0',
    pushgateway: 'prom/pushgateway:v1.5.1',
  },
  new: {
    prometheus: 'prom/prometheus:v2.53.3',
    alertmanager: 'prom/alertmanager:v0.28.1',
    pushgateway: 'prom/pushgateway:v1.11.0',
  },
} as const;

/** A federator by its name, and the ADDRESS:PORT at which it answers. */
export interface Federator {
  readonly name: string;
  readonly server: string;
}

/** The lab's estate as the soak needs to know it. */
export interface Estate {
  readonly inventory: string;
  readonly doors: readonly Door[];
  readonly federators: readonly Federator[];
  readonly members: readonly Member[];
  /** Those that stand in for each other; a backup that tells nobody is none of them. */
  readonly cells: readonly Cell[];
}

const rules = `# A canary, an alert that always fires, and alerts that come and go.
groups:
  - name: soak
    rules:
      - record: soak:canary:max
        expr: max without (scraper) (soak_seconds)
      - alert: SoakAlways
        expr: max without (scraper) (soak_alert{number="always"}) == 1
        for: 1m
      - alert: SoakRaised
        expr: max without (scraper) (soak_alert{number!="always"}) == 1
`;

/** Each of the soak's alerts is a group of its own, so that a page is about one alert. */
const route = (own: string) => `route:
  receiver: lab
  group_by: [alertname, cluster]
  group_wait: ${GROUP_WAIT}ms
  group_interval: ${GROUP_INTERVAL}ms
  repeat_interval: 1h
  routes:
    - matchers: ['alertname=~"Soak.*"']
      group_by: [alertname, number]
receivers:
  - name: lab
    webhook_configs:
      - url: http://${own}:5001/alerts
`;

/** Makes the inventory of the lab's estate with the soak's rules, and with pushers as slow as the soak's are. */
export async function soakEstate(lab: Lab): Promise<Estate> {
  const inventory = estateInventory(lab);
  writeFileSync(join(inventory, 'rules/soak.yml'), rules);
  writeFileSync(join(inventory, 'alertmanager.yml'), route(lab.bridgeAddress));
  // The alert that fires throughout waits for a minute, so the second federator is not touched before that.
  edit(inventory, (text) =>
    text
      .replaceAll(/push_period: \S+/g, `push_period: ${SLOW_PUSH_EVERY / 1000}s`)
      .replaceAll(/coverage: \S+,/g, 'coverage: 70s,'),
  );
  const listed = JSON.parse((await hadeploy('inventory', inventory, '--list')).text);
  const { scrapers, pushgateways, federators, alertmanagers, vips } = Object.values<{ estate: Listed }>(
    listed._meta.hostvars,
  )[0]!.estate;
  const members = [...scrapers, ...pushgateways, ...federators, ...alertmanagers];
  const standing = members.filter(({ notifier }) => notifier !== false);
  return {
    inventory,
    doors: vips.map(({ address, port }) => ({ address, port })),
    federators: federators.map(({ name, address, port }) => ({ name, server: `${address}:${port}` })),
    members,
    cells: [...new Set(members.map(({ cell }) => cell))].map((name) => ({
      name,
      members: standing.filter(({ cell }) => cell === name).map((member) => member.name),
    })),
  };
}

/** Sets the versions of the inventory's topology. */
export function setVersions({ inventory }: Estate, generation: keyof typeof generations): void {
  for (const [program, image] of Object.entries(generations[generation]))
    edit(inventory, (text) => text.replace(new RegExp(`(^  ${program}: )prom/\\S+$`, 'm'), `$1${image}`));
}

type Listed = {
  readonly [kind in 'scrapers' | 'pushgateways' | 'federators' | 'alertmanagers']: readonly (Member & {
    readonly notifier?: boolean;
  })[];
} & { readonly vips: readonly Door[] };

function edit(inventory: string, change: (text: string) => string): void {
  const path = join(inventory, 'topology.yml');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

import { type Estate, holder, type Member, memberOf } from './estate.ts';
import type { Program } from './images.ts';

/** A step of a complete upgrade, in which something goes wrong. */
export interface Row {
  readonly name: string;
  readonly program: Program;
  /** What of the playbook is run. */
  readonly tag: string;
  /** What happens in it: images are pulled, the holder is drained, or the member is changed. */
  readonly deed: 'pull' | 'drain' | 'change';
  /** Whether the run is about this member alone: the others of its cell have changed before it. */
  readonly last: boolean;
  member(estate: Estate): Promise<Member>;
}

const named = (name: string) => async (estate: Estate) => memberOf(estate, name);
const gatewayOf = (held: boolean) => async (estate: Estate) => {
  const host = await holder(estate);
  return estate.members.find((one) => one.cell === 'pushgateway1' && (one.host === host) === held)!;
};
const alertmanagers = { program: 'alertmanager', tag: 'alertmanager', deed: 'change' } as const;
const scrapers = { program: 'prometheus', tag: 'scraper', deed: 'change' } as const;
const gateways = { program: 'pushgateway', tag: 'pushgateway', deed: 'change' } as const;
const federators = { program: 'prometheus', tag: 'federator', deed: 'change' } as const;

/** In the order of a roll. A second cell of a kind would be the same again. */
export const rows: readonly Row[] = [
  { name: 'images pulled', ...alertmanagers, deed: 'pull', last: false, member: named('alertmanager1-b') },
  { name: 'notifier b', ...alertmanagers, last: false, member: named('alertmanager1-b') },
  { name: 'notifier a', ...alertmanagers, last: true, member: named('alertmanager1-a') },
  { name: 'backup', ...alertmanagers, last: true, member: named('alertmanager1-c') },
  { name: 'scraper b', ...scrapers, last: false, member: named('scraper1-b') },
  { name: 'scraper a', ...scrapers, last: true, member: named('scraper1-a') },
  { name: 'gateway standby', ...gateways, last: false, member: gatewayOf(false) },
  { name: 'gateway holder, its drain', ...gateways, deed: 'drain', last: true, member: gatewayOf(true) },
  { name: 'gateway holder, its change', ...gateways, last: true, member: gatewayOf(true) },
  { name: 'federator b', ...federators, last: false, member: named('federator1-b') },
  { name: 'federator a', ...federators, last: true, member: named('federator1-a') },
];

import { LabError } from './lab-error.ts';

/** The lab that checked-in inventories mean; it always has the first subnet. */
export const defaultLab = 'lab';

/** The third number of a lab's subnet 10.90.N.0/24: 0 for the default lab, else the lowest that is not taken. */
export function allotSubnet(lab: string, taken: ReadonlySet<number>): number {
  if (lab === defaultLab) {
    if (taken.has(0)) throw new LabError('The subnet 10.90.0.0/24 of the default lab is in use by something else.');
    return 0;
  }
  for (let subnet = 1; subnet <= 254; subnet++) if (!taken.has(subnet)) return subnet;
  throw new LabError('All 254 lab subnets are taken. Take a lab down with `npm run lab -- down --name LAB`.');
}

/** The machine's own address in a lab: the end of the bridge, the registry, the hosts' gateway. */
export const bridgeAddress = (subnet: number): string => `10.90.${subnet}.1`;

/** The names and addresses of the first n hosts: mon-a at .11, mon-b at .12 …; .2 to .10 stay free for virtual addresses. */
export function hostPlan(
  subnet: number,
  count: number,
): readonly { readonly name: string; readonly address: string }[] {
  if (!Number.isInteger(count) || count < 1 || count > 100)
    throw new LabError(`A lab has 1 to 100 hosts, not ${count}.`, 3);
  return Array.from({ length: count }, (_, index) => ({
    name: `mon-${letters(index)}`,
    address: `10.90.${subnet}.${11 + index}`,
  }));
}

/** 0 → a, 25 → z, 26 → aa. */
function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}

/** The subnets that appear in the output of `ip -json address` and `ip -json route` or in labs' states. */
export function subnetsIn(text: string): ReadonlySet<number> {
  return new Set([...text.matchAll(/\b10\.90\.(\d{1,3})\.\d{1,3}\b/g)].map((match) => Number(match[1])));
}

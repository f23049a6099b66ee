/** Distance between the ports of two cells of a kind. */
const STEP = 100;
/** Cells numbered above this get the next free port and not the one of their number. */
const LAST_NUMBER = 50;

interface Numbered {
  readonly name: string;
  readonly port?: number | undefined;
}

/**
 * The port of each cell of a kind: the one given; else the one of the number at the end of its name (`scraper2` with
 * base 9090 → 9190); else the next free one in the order of names. So a cell keeps its port when others are added,
 * removed or moved, as long as names are numbered; other names keep theirs unless one that sorts before is added.
 */
export function allotPorts(cells: readonly Numbered[], base: number): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  for (const { name, port } of cells) if (port !== undefined) ports.set(name, port);
  const taken = new Set(ports.values());
  const allot = (name: string, port: number) => {
    ports.set(name, port);
    taken.add(port);
  };
  const rest = cells.filter(({ port }) => port === undefined).map(({ name }) => name);
  for (const name of rest.sort(byName)) {
    const number = numberOf(name);
    const port = base + STEP * (number - 1);
    if (number >= 1 && number <= LAST_NUMBER && !taken.has(port)) allot(name, port);
  }
  for (const name of rest) {
    if (ports.has(name)) continue;
    let port = base;
    while (taken.has(port)) port += STEP;
    allot(name, port);
  }
  return ports;
}

function numberOf(name: string): number {
  return Number(/([0-9]+)$/.exec(name)?.[1] ?? 0);
}

function byName(a: string, b: string): number {
  return numberOf(a) - numberOf(b) || (a < b ? -1 : 1);
}

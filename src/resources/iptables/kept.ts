import { type ChainSpec, parentsOf, wantedRules } from './chain-spec.ts';
import { chainPaths, chainUnits, keeperScript, possibleLinks, restoreText } from './keeper.ts';
import type { SeenHost } from './look.ts';

/** What keeps a chain over reboots: path → text of every file, saved rules first. */
export function wantedFiles(spec: ChainSpec): ReadonlyMap<string, string> {
  const paths = chainPaths(spec.chain);
  const { rules, rules6 } = wantedRules(spec);
  return new Map([
    [paths.rules, restoreText(spec.chain, rules)],
    [paths.rules6, restoreText(spec.chain, rules6)],
    [paths.script, keeperScript(spec.chain, parentsOf(spec))],
    ...chainUnits(spec.chain, parentsOf(spec)).map((unit): [string, string] => [unit.path, unit.text]),
  ]);
}

/** The files that are not as wanted: path → wanted text, undefined for one that must go. */
export function filesToChange(spec: ChainSpec, seen: SeenHost): ReadonlyMap<string, string | undefined> {
  const wanted = wantedFiles(spec);
  return new Map(
    Object.values(chainPaths(spec.chain))
      .map((path): [string, string | undefined] => [path, wanted.get(path)])
      .filter(([path, text]) => seen.files.get(path) !== text),
  );
}

/** Whether the links that start the units at boot are exactly those wanted. */
export function isEnabled(spec: ChainSpec, seen: SeenHost): boolean {
  const wanted = chainUnits(spec.chain, parentsOf(spec)).flatMap((unit) => unit.links);
  return possibleLinks(spec.chain).every((link) => seen.links.has(link) === wanted.includes(link));
}

/** How the plan calls units that are as they should be. */
export function wantedUnit(spec: ChainSpec): string {
  const when = parentsOf(spec).includes('DOCKER-USER') ? 'at boot and after each start of Docker' : 'at boot';
  return `enabled, restores it ${when}`;
}

/**
 * The units and saved files as they are, in the words of the plan; undefined when there are none. Saved rules that
 * differ together with the live ones are told by the field of the rules.
 */
export function seenUnit(
  spec: ChainSpec,
  seen: SeenHost,
  liveDiffers: { rules: boolean; rules6: boolean },
): string | undefined {
  if (seen.files.size === 0 && seen.links.size === 0) return undefined;
  if (spec.state === 'absent') return isEnabled(spec, seen) ? 'enabled' : 'not enabled';
  const paths = chainPaths(spec.chain);
  const changed = filesToChange(spec, seen);
  const faults: string[] = [];
  if ([paths.script, paths.bootUnit, paths.dockerUnit].some((path) => changed.has(path))) faults.push('files differ');
  const savedDiffers = (path: string, live: boolean) => changed.has(path) && !live;
  if (savedDiffers(paths.rules, liveDiffers.rules) || savedDiffers(paths.rules6, liveDiffers.rules6)) {
    faults.push('saved rules differ');
  }
  if (!isEnabled(spec, seen)) faults.push('not enabled');
  return faults.length === 0 ? wantedUnit(spec) : faults.join(', ');
}

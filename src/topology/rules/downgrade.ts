import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { versionOf } from '../image.ts';
import type { RuleText, Survey } from './rule.ts';

/** A compose file that a plan changes. */
export interface ChangedBundle {
  readonly host: string;
  readonly project: string;
  readonly from: string;
  readonly to: string;
}

/** The rule on databases that an older version cannot read. */
export const downgradeRule: RuleText = {
  code: 'data-loss',
  severity: 'error',
  title: 'A federator does not go back from Prometheus 3 to a version before 2.55.',
  why: 'Versions before 2.55 cannot read the database that Prometheus 3 writes, so the federator would not start on its data.',
  mend: 'Go back to 2.55 or later; or accept that its data is lost with --accept-data-loss, and remove its volume yourself.',
  more: 'Federators are the only servers of an estate that keep their data. The plan is judged, so it holds for `apply` with an older image as for `rollback`. Scrapers may go back: their data is in memory only.',
};

/** A fault for each federator that a plan would bring back to a version that cannot read its data. */
export function downgrades({ estate, topology }: Survey, bundles: readonly ChangedBundle[]): readonly Diagnostic[] {
  const { code, severity, why, mend } = downgradeRule;
  return bundles.flatMap(({ host, project, from, to }): readonly Diagnostic[] => {
    const federator = estate.federators.find((one) => one.host === host && one.name === project);
    const [was, next] = [versionIn(from), versionIn(to)];
    if (federator === undefined || was === undefined || next === undefined) return [];
    if (was[0] < 3 || next[0] > 2 || (next[0] === 2 && next[1] >= 55)) return [];
    const what = `${project} on ${host} would go back from Prometheus ${was.join('.')} to ${next.join('.')}.`;
    return [{ code, severity, what, host, at: topology.at(['federators', federator.cell], 'key'), why, mend }];
  });
}

function versionIn(compose: string) {
  const image = /^\s*image:\s*["']?([^\s"']+)/m.exec(compose)?.[1];
  return image === undefined ? undefined : versionOf(image);
}

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { notifierConfigs } from './alertmanager-config.ts';
import { alertmanagerRules } from './alertmanagers.ts';
import { federatorRules } from './federators.ts';
import { firewallRules } from './firewall.ts';
import { imageRules } from './images.ts';
import { notificationRules } from './notifications.ts';
import { portRules } from './ports.ts';
import { pushgatewayRules } from './pushgateways.ts';
import { remoteWriteRules } from './remote-write.ts';
import type { Rule, Survey } from './rule.ts';
import { userRules } from './rule-files.ts';
import { scraperRules } from './scrapers.ts';
import { secretRules } from './secrets.ts';
import { serverRules } from './servers.ts';
import { targetRules } from './targets.ts';
import { vipRules } from './vips.ts';

/** Every rule that files alone can break, by subject. */
export const rules: readonly Rule[] = [
  ...serverRules,
  ...portRules,
  ...scraperRules,
  ...targetRules,
  ...remoteWriteRules,
  ...pushgatewayRules,
  ...vipRules,
  ...federatorRules,
  ...alertmanagerRules,
  ...notificationRules,
  ...imageRules,
  ...firewallRules,
  ...secretRules,
];

/** All that is wrong with an estate as far as files tell, in the order of the rules; no finding comes twice. */
export function checkTopology(survey: Survey): readonly Diagnostic[] {
  const unreadable = [
    ...notifierConfigs(survey).faults,
    ...survey.topology.federators.flatMap((cell) => userRules(survey, cell).faults),
  ];
  const found = rules.flatMap(({ code, severity, why, mend, find }) =>
    find(survey).map((finding): Diagnostic => ({ code, severity, why, mend, ...finding })),
  );
  const all = withoutSecretLines([...unreadable, ...found]);
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** What else is wrong on a line with a secret does not show that line either. */
function withoutSecretLines(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const lineOf = ({ at }: Diagnostic) => `${at?.file}:${at?.line}`;
  const secret = new Set(found.filter(({ at }) => at?.secret).map(lineOf));
  return found.map((one) => (one.at && secret.has(lineOf(one)) ? { ...one, at: { ...one.at, secret: true } } : one));
}

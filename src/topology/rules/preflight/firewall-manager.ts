import { sh } from '../../../posix/script.ts';
import { unitsNamed } from '../../../resources/units-look.ts';
import { memberPlaces } from '../cells.ts';
import type { RuleText } from '../rule.ts';
import { hostCheck, linesOf } from './host-check.ts';

const firewallManager: RuleText = {
  code: 'firewall-manager',
  severity: 'warning',
  title: 'No other program makes the rules of the firewall.',
  why: 'When firewalld or ufw load their rules anew, the chain that closes ports is emptied: they are open until the next run.',
  mend: 'Disable it, or run hadeploy after every change that is made with it.',
  more: 'Neither of them sees ports that Docker publishes: those are forwarded, and pass by the rules for what comes in.',
};

/** Which other programs make the rules of a host's firewall. */
export const firewallManagerCheck = hostCheck<readonly string[]>({
  name: 'preflight_firewall_managers',
  rules: [firewallManager],
  ask: () => sh`${unitsNamed(['firewalld.service'])}case $(showUnit firewalld.service) in *ActiveState=active*) echo 'manager firewalld' ;; esac
[ ! -e /etc/ufw/ufw.conf ] || ! grep -qs '^ENABLED=yes' /etc/ufw/ufw.conf || echo 'manager ufw'`,
  parse: (answer) => linesOf(answer, 'manager'),
  judge: (managers, { survey, host }) =>
    managers.map((name) => ({
      rule: firewallManager,
      what: `${name} is active on ${host}.`,
      at: memberPlaces(survey.topology).get(host)!,
    })),
});

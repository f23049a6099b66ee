import { sh } from '../../../posix/script.ts';
import { memberPlaces } from '../cells.ts';
import type { RuleText } from '../rule.ts';
import { type HostFinding, hostCheck, linesOf } from './host-check.ts';

interface Clock {
  /** Seconds since 1970. */
  readonly now?: number;
  /** Name of a running program that keeps the time; empty where there is none. */
  readonly keeper?: string;
}

/** Seconds by which clocks may be apart, beyond the time that asking took. */
const TOLERANCE = 1;

const clockSkew: RuleText = {
  code: 'clock-skew',
  severity: 'error',
  title: 'The clocks of hosts are at most 1s away from the one here.',
  why: 'Samples from the future are refused, late ones look stale, and of two changes to a silence the wrong one wins.',
  mend: 'Set the clock of the host, or of this machine, and run a time service (chrony, systemd-timesyncd).',
  more: 'The clock of a host is compared with that of the machine that deploys: its time has to lie between those of the question and of the answer. When every host is told of, the clock here is wrong.',
};

const noTimeService: RuleText = {
  code: 'no-time-service',
  severity: 'warning',
  title: 'A time service runs on every host.',
  why: 'Clocks that are right today drift apart by seconds a week.',
  mend: 'Install chrony, or enable systemd-timesyncd.',
  more: 'Known are chronyd, ntpd, ntpd-rs, openntpd, systemd-timesyncd and PTP (ptp4l, phc2sys). Guests and containers that get their time from the machine below need none.',
};

/** What time it is on a host, and who keeps it. */
export const clockCheck = hostCheck<Clock>({
  name: 'preflight_clock',
  rules: [clockSkew, noTimeService],
  ask: () => sh`printf 'now %s\n' "$(date +%s)"
printf 'keeper %s\n' "$(grep -hsxE 'chronyd|ntpd|ntp-daemon|openntpd|systemd-timesyn|ptp4l|phc2sys|timemaster' /proc/[0-9]*/comm)"`,
  parse: (answer) => {
    const [now, keeper] = [linesOf(answer, 'now')[0], linesOf(answer, 'keeper')[0]];
    return { ...(now && /^[0-9]+$/.test(now) && { now: Number(now) }), ...(keeper !== undefined && { keeper }) };
  },
  judge: ({ now, keeper }, { survey, host, asked }) => {
    const at = memberPlaces(survey.topology).get(host)!;
    const found: HostFinding[] = [];
    if (now !== undefined) {
      const ahead = Math.floor(now - asked.to - TOLERANCE);
      // Hosts tell whole seconds, cut off.
      const behind = Math.floor(asked.from - (now + 1) - TOLERANCE);
      const what = ahead > 0 ? `${ahead}s ahead of` : `${behind}s behind`;
      if (ahead > 0 || behind > 0)
        found.push({ rule: clockSkew, what: `The clock of ${host} is more than ${what} the one here.`, at });
    }
    if (keeper === '') found.push({ rule: noTimeService, what: `No time service runs on ${host}.`, at });
    return found;
  },
});

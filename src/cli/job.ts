import { resourcesOn } from '../playbook/compile.ts';
import { kinds } from '../resources/index.ts';
import type { Job } from '../run/job.ts';
import type { Loaded } from './load.ts';

/** What of a job follows from the project alone. */
export function jobOf(
  loaded: Loaded,
): Pick<Job, 'playbook' | 'kinds' | 'become' | 'factProbes' | 'preflight' | 'compile'> &
  Required<Pick<Job, 'foreseen'>> {
  return {
    playbook: loaded.playbook,
    kinds,
    become: (host) => loaded.foreseen.plays.some((play) => play.resources.get(host)?.some((one) => one.become)),
    factProbes: loaded.factProbes,
    preflight: loaded.preflight,
    compile: (facts) => loaded.compile((host) => facts.get(host)),
    foreseen: (host) => resourcesOn(loaded.foreseen, host),
  };
}

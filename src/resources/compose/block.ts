import type { Change } from '../change.ts';
import type { Circumstances } from '../kind.ts';
import { type Bundle, COMPOSE_YML } from './bundle.ts';
import { OLDEST_COMPOSE } from './docker-cli.ts';
import type { Observed } from './observed.ts';
import { changedDefinitions, rested } from './verdict.ts';

type Blocked = Extract<Change, { readonly action: 'blocked' }>;

/** Why a bundle cannot be deployed on its host as things stand, or not be planned exactly; undefined when it can. */
export function block(bundle: Bundle, seen: Observed, now: Circumstances): Blocked | undefined {
  const what = `The bundle ${bundle.project} cannot be deployed.`;
  if (seen.docker !== 'ready') return blockWithoutDocker(bundle, seen, now, what);
  if (seen.settled) return undefined;
  const mend = 'Install the compose plugin (Debian: docker-compose 2 or later, Docker: docker-compose-plugin).';
  if (seen.compose === '') {
    if (now.disturbed && seen.containers.length === 0) return undefined;
    const why = seen.v1
      ? 'The host has only docker-compose 1, which is another program.'
      : 'The host has docker, but not its compose plugin.';
    return { action: 'blocked', what, why, mend };
  }
  const oldest = OLDEST_COMPOSE.join('.');
  if (isOlder(seen.compose)) {
    return { action: 'blocked', what, why: `compose ${seen.compose} is older than ${oldest}.`, mend };
  }
  if (seen.refused !== undefined) {
    const why = seen.refused === '' ? 'docker compose does not take its compose file.' : seen.refused;
    return {
      action: 'blocked',
      what: `docker compose refuses the compose file of ${bundle.project}.`,
      why,
      mend: 'Mend the compose file.',
    };
  }
  const volume = changedDefinitions(bundle, seen, 'volume')[0];
  if (volume === undefined) return undefined;
  return {
    action: 'blocked',
    what: `The volume ${volume} of ${bundle.project} is defined otherwise now.`,
    why: 'docker cannot change a volume; making it anew would lose its data.',
    mend: `Give it a new name, or save its data and remove ${bundle.compose.volumes.get(volume)?.docker ?? volume} by hand.`,
  };
}

function blockWithoutDocker(bundle: Bundle, seen: Observed, now: Circumstances, what: string): Blocked | undefined {
  const missing = seen.docker === 'missing';
  if (!now.disturbed) {
    const why = missing
      ? 'The host has no docker, and nothing before this task changes that.'
      : 'The docker daemon does not run, and nothing before this task starts it.';
    const mend = missing
      ? 'Install docker with an earlier task.'
      : 'Start it with an earlier task: `service: {name: docker, state: started}`.';
    return { action: 'blocked', what, why, mend };
  }
  const wanted = bundle.files[0]!.sha;
  if (!rested(seen) || seen.files.get(COMPOSE_YML)?.sha === wanted) return undefined;
  const why = 'docker does not run, so it cannot be known which containers the new compose file replaces.';
  return { action: 'blocked', what, why, mend: 'Start docker (`systemctl start docker`), then plan again.' };
}

function isOlder(version: string): boolean {
  const found = /(\d+)\.(\d+)/.exec(version);
  const [major, minor] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  return major < OLDEST_COMPOSE[0] || (major === OLDEST_COMPOSE[0] && minor < OLDEST_COMPOSE[1]);
}

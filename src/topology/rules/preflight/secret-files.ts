import { lines, sh } from '../../../posix/script.ts';
import type { RuleText, Survey } from '../rule.ts';
import { SECRETS_FOLDER, SECRETS_INSIDE, type SecretFile, secretFiles } from '../secrets.ts';
import { hostCheck, linesOf } from './host-check.ts';

interface Look {
  readonly mode: number;
  readonly user: number;
  readonly group: number;
}

/** What was found of each file by its path on the host; null where there is none. */
type Looks = Readonly<Record<string, Look | null>>;

/** The user of the images, `nobody`. */
const USER = 65_534;

const secretMissing: RuleText = {
  code: 'secret-missing',
  severity: 'error',
  title: 'Files with secrets are on the hosts whose containers read them.',
  why: 'Without it nothing is sent or scraped there, and a check of the configuration does not notice.',
  mend: `Put it there, readable for user ${USER} alone: install -o ${USER} -g ${USER} -m 0400 FILE ${SECRETS_FOLDER}/.`,
  more: `Containers see ${SECRETS_FOLDER} of their host as ${SECRETS_INSIDE}. hadeploy does not carry secrets: bring them there by whatever you trust with them.`,
};

const secretUnreadable: RuleText = {
  code: 'secret-unreadable',
  severity: 'error',
  title: 'Containers can read the files with their secrets.',
  why: `They run as user ${USER}: what root alone can read is as good as missing.`,
  mend: `chown ${USER}:${USER} FILE && chmod 0400 FILE`,
  more: 'Prometheus and Alertmanager read the file each time they use it: a new secret needs no restart, and a file that cannot be read shows only when it is needed.',
};

const secretExposed: RuleText = {
  code: 'secret-exposed',
  severity: 'error',
  title: 'Nobody else on a host can read files with secrets.',
  why: 'Every user and every program of the host could.',
  mend: `chown ${USER}:${USER} FILE && chmod 0400 FILE`,
  more: 'What counts is the last digit of the mode, unless the folder lets nobody else in.',
};

/** Whether the secrets that a host's containers read are there, and who can read them; never what is in them. */
export const secretFileCheck = hostCheck<Looks>({
  name: 'preflight_secrets',
  rules: [secretMissing, secretUnreadable, secretExposed],
  ask: (survey, host) => {
    const files = filesOn(survey, host);
    if (files.length === 0) return undefined;
    const paths = [SECRETS_FOLDER, ...new Set(files.map(outside))];
    return lines(
      paths.map(
        (path) =>
          sh`if [ -e ${path} ]; then printf 'file %s %s\n' "$(stat -L -c '%a %u %g' -- ${path})" ${path}; else printf 'none %s\n' ${path}; fi`,
      ),
    );
  },
  parse: (answer) => ({
    ...Object.fromEntries(linesOf(answer, 'none').map((path) => [path, null])),
    ...Object.fromEntries(
      linesOf(answer, 'file').flatMap((line) => {
        const [, mode, user, group, path] = /^([0-7]+) ([0-9]+) ([0-9]+) (.*)$/.exec(line) ?? [];
        if (path === undefined) return [];
        return [[path, { mode: Number.parseInt(mode!, 8), user: Number(user), group: Number(group) }]];
      }),
    ),
  }),
  judge: (looks, { survey, host }) =>
    filesOn(survey, host).flatMap((file) => {
      const { at } = file;
      const path = outside(file);
      const look = looks[path];
      if (look === undefined) return [];
      if (look === null) return [{ rule: secretMissing, what: `${host} has no ${path}.`, at }];
      const bits = look.user === USER ? look.mode >> 6 : look.group === USER ? look.mode >> 3 : look.mode;
      if ((bits & 4) === 0) return [{ rule: secretUnreadable, what: `Containers on ${host} cannot read ${path}.`, at }];
      const folder = looks[SECRETS_FOLDER];
      const open = (look.mode & 4) !== 0 && ((folder?.mode ?? 1) & 1) !== 0;
      return open ? [{ rule: secretExposed, what: `Everybody on ${host} can read ${path}.`, at }] : [];
    }),
});

function filesOn(survey: Survey, host: string): readonly SecretFile[] {
  return secretFiles(survey).filter(({ path, hosts }) => path.startsWith(SECRETS_INSIDE) && hosts.includes(host));
}

/** The path of a secret on its host. */
function outside({ path }: SecretFile): string {
  return `${SECRETS_FOLDER}/${path.slice(SECRETS_INSIDE.length)}`;
}

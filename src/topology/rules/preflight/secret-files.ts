import { lines, sh } from '../../../posix/script.ts';
import type { RuleText, Survey } from '../rule.ts';
import { SECRETS_FOLDER, SECRETS_INSIDE, type SecretFile, secretFiles } from '../secrets.ts';
import { type HostFinding, hostCheck, linesOf } from './host-check.ts';

interface Look {
  readonly mode: number;
  readonly user: number;
  readonly group: number;
  /** Four digits of the digest of what is in it: they tell two files apart, and nobody guesses a secret by them. */
  readonly digest?: string;
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

const secretDiffers: RuleText = {
  code: 'secret-differs',
  severity: 'error',
  title: 'Both of a pair have the same secrets.',
  why: 'One of them is refused where the other is not: a page is sent or lost, a target up or down, by who asks.',
  mend: 'Put the same file on both hosts.',
  more: 'Four digits of a digest are compared among the hosts of one run, so `--limit` to one of a pair finds nothing. Certificates and their keys may differ.',
};

/** Settings whose files may well be different on each host. */
const OWN = ['cert_file', 'key_file'];

/** Whether the secrets that a host's containers read are there, and who can read them; never what is in them. */
export const secretFileCheck = hostCheck<Looks>({
  name: 'preflight_secrets',
  rules: [secretMissing, secretUnreadable, secretExposed, secretDiffers],
  ask: (survey, host) => {
    const files = filesOn(survey, host);
    if (files.length === 0) return undefined;
    const paths = [SECRETS_FOLDER, ...new Set(files.map(outside))];
    return lines([
      ...paths.map(
        (path) =>
          sh`if [ -e ${path} ]; then printf 'file %s %s\n' "$(stat -L -c '%a %u %g' -- ${path})" ${path}; else printf 'none %s\n' ${path}; fi`,
      ),
      ...paths
        .slice(1)
        .map(
          (path) =>
            sh`[ ! -f ${path} ] || printf 'digest %s %s\n' "$(sha256sum < ${path} 2>/dev/null | cut -c 1-4)" ${path}`,
        ),
    ]);
  },
  parse: (answer) => {
    const digests = new Map(
      linesOf(answer, 'digest').map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]),
    );
    return {
      ...Object.fromEntries(linesOf(answer, 'none').map((path) => [path, null])),
      ...Object.fromEntries(
        linesOf(answer, 'file').flatMap((line) => {
          const [, mode, user, group, path] = /^([0-7]+) ([0-9]+) ([0-9]+) (.*)$/.exec(line) ?? [];
          if (path === undefined) return [];
          const digest = digests.get(path);
          const look = { mode: Number.parseInt(mode!, 8), user: Number(user), group: Number(group) };
          return [[path, { ...look, ...(digest && { digest }) }]];
        }),
      ),
    };
  },
  judge: (looks, { survey, host, others }) =>
    filesOn(survey, host).flatMap((file): readonly HostFinding[] => {
      const { at } = file;
      const path = outside(file);
      const look = looks[path];
      if (look === undefined) return [];
      if (look === null) return [{ rule: secretMissing, what: `${host} has no ${path}.`, at }];
      const bits = look.user === USER ? look.mode >> 6 : look.group === USER ? look.mode >> 3 : look.mode;
      if ((bits & 4) === 0) return [{ rule: secretUnreadable, what: `Containers on ${host} cannot read ${path}.`, at }];
      const folder = looks[SECRETS_FOLDER];
      const open = (look.mode & 4) !== 0 && ((folder?.mode ?? 1) & 1) !== 0;
      if (open) return [{ rule: secretExposed, what: `Everybody on ${host} can read ${path}.`, at }];
      const other = file.hosts.find((one) => {
        const there = (others.get(one) as Looks | undefined)?.[path];
        return one !== host && look.digest && there?.digest && there.digest !== look.digest;
      });
      if (other === undefined || OWN.includes(file.setting)) return [];
      const pair = [host, other].sort().join(' and ');
      return [{ rule: secretDiffers, what: `${path} is not the same on ${pair}.`, at }];
    }),
});

function filesOn(survey: Survey, host: string): readonly SecretFile[] {
  return secretFiles(survey).filter(({ path, hosts }) => path.startsWith(SECRETS_INSIDE) && hosts.includes(host));
}

/** The path of a secret on its host. */
function outside({ path }: SecretFile): string {
  return `${SECRETS_FOLDER}/${path.slice(SECRETS_INSIDE.length)}`;
}

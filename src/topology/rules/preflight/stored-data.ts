import { lineByLine, lines, type Script, sh } from '../../../posix/script.ts';
import { objectsNamed } from '../../../resources/docker-looks.ts';
import { secondsOf } from '../../duration.ts';
import type { Estate } from '../../estate.ts';
import type { RuleText } from '../rule.ts';
import { type HostFinding, hostCheck, linesOf } from './host-check.ts';

interface StoredData {
  /** Containers that are there, running or not, by their names. */
  readonly containers: Readonly<Record<string, { readonly image: string; readonly user: string }>>;
  /** What federators have stored, by their names: KiB taken, KiB left, and when the first sample was taken, in seconds. */
  readonly stored: Readonly<Record<string, { readonly taken: number; readonly left: number; readonly since: number }>>;
}

/** Seconds of data below which nobody can tell how it grows. */
const ENOUGH = 86_400;

const imageVariant: RuleText = {
  code: 'image-variant',
  severity: 'error',
  title: 'Data is not handed from a distroless image to one of the usual kind.',
  why: 'The one that runs writes its data as user 65532, the wanted one runs as 65534 and could not write: it would be started over and over.',
  mend: 'Take the container away (docker rm -f NAME), give its data to the other user (chown -R 65534:65534 "$(docker volume inspect -f \'{{.Mountpoint}}\' NAME_data)"), and run again; one of a pair at a time.',
  more: 'Only federators and Alertmanagers keep data. Images whose tag ends with -distroless run as 65532; none of them is used here (see `distroless-image`), but one may have been before.',
};

const diskTooSmall: RuleText = {
  code: 'disk-too-small',
  severity: 'warning',
  title: 'The disk has room for what federators will keep.',
  why: 'A federator whose disk is full takes no samples any more, and evaluates its rules without them.',
  mend: 'Lower `retention` of the federators, make the disk bigger, or read less with `match`.',
  more: 'What a federator has stored so far, divided by its age and multiplied by `retention`, is what it will come to; before it is a day old nobody can tell. From what is scraped: samples per second × seconds of retention × 1 to 2 bytes.',
};

/** What the containers of a host that keep data are, and how much they have stored. */
export const storedDataCheck = hostCheck<StoredData>({
  name: 'preflight_data',
  rules: [imageVariant, diskTooSmall],
  ask: ({ estate }, host) => {
    const keepers = keepersOn(estate, host).map(({ name }) => name);
    const federators = estate.federators.filter((one) => one.host === host).map(({ name }) => name);
    return keepers.length === 0 ? undefined : lines([container(keepers), ...federators.map(volume), sh`:`]);
  },
  parse: (answer) => ({
    containers: Object.fromEntries(
      linesOf(answer, 'container').map((line) => {
        const [name = '', image = '', user = ''] = line.split(' ');
        return [name.replace('/', ''), { image, user }];
      }),
    ),
    stored: Object.fromEntries(
      linesOf(answer, 'stored').flatMap((line) => {
        const [, name, taken, left, since] = /^(\S+) ([0-9]+) ([0-9]+) ([0-9]+)$/.exec(line) ?? [];
        if (name === undefined) return [];
        return [[name, { taken: Number(taken), left: Number(left), since: Number(since) / 1000 }]];
      }),
    ),
  }),
  judge: ({ containers, stored }, { survey: { topology, estate }, host, asked }) => {
    const found: HostFinding[] = [];
    for (const { name, cell, role } of keepersOn(estate, host)) {
      const { image = '', user = '' } = containers[name] ?? {};
      if (!/:[^/]*distroless/.test(image) && !/^(65532|nonroot)(:|$)/.test(user)) continue;
      const what = `${name} on ${host} runs ${image}, which keeps its data as another user.`;
      found.push({ rule: imageVariant, what, at: topology.at([`${role}s`, cell], 'key') });
    }
    for (const { name, cell, retention } of estate.federators.filter((one) => one.host === host)) {
      const { taken, left, since } = stored[name] ?? { taken: 0, left: 0, since: asked.to };
      const age = asked.to - since;
      const whole = (taken / age) * secondsOf(retention);
      if (age < ENOUGH || whole - taken <= left) continue;
      const what = `${name} on ${host} has stored ${gib(taken)} in ${days(age)}: ${retention} come to ${gib(whole)}, and ${gib(left)} are left.`;
      found.push({ rule: diskTooSmall, what, at: topology.at(['federators', cell, 'retention']) });
    }
    return found;
  },
});

function keepersOn({ federators, alertmanagers }: Estate, host: string) {
  return [...federators, ...alertmanagers].filter((one) => one.host === host);
}

function container(names: readonly string[]): Script {
  return sh`${objectsNamed(names)}${lineByLine(sh`for one in $objects; do
  case $one in 'null|null|'[0-9a-f]*'|/'*) ;; *) continue ;; esac
  one=\${one#*|*|*|} name=\${one%%|*} one=\${one#*|*|*|*|}
  printf 'container %s %s\n' "$name" "\${one%%|*}"
done`)}`;
}

/** Blocks tell when their first sample was taken; there are a few dozen of them at the most. */
function volume(name: string): Script {
  return sh`${objectsNamed([`${name}_data`])}dir= since=
${lineByLine(sh`for one in $objects; do
  case $one in *${`|<no value>|${name}_data|`}*) one=\${one#*|*|*|*|} dir=\${one%%|*} ;; esac
done`)}
if [ -d "$dir" ]; then
  taken=$(du -sk "$dir" 2>/dev/null)
  set -- $(df -Pk "$dir" 2>/dev/null | tail -n 1)
  for one in $(sed -n 's/.*"minTime": *\([0-9]*\).*/\1/p' "$dir"/*/meta.json 2>/dev/null); do
    [ -n "$since" ] && [ "$since" -le "$one" ] || since=$one
  done
  printf 'stored %s %s %s %s\n' ${name} "\${taken%%[!0-9]*}" "$4" "$since"
fi`;
}

function gib(kib: number): string {
  return `${(kib / 1024 ** 2).toFixed(1)} GiB`;
}

function days(seconds: number): string {
  return `${Math.floor(seconds / 86_400)}d`;
}

import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { lines, looking, type Script, sh } from '../posix/script.ts';
import { compareFields, type Fields } from './compare.ts';
import { type Fault, faultOf, isFault, unreadable } from './fault.ts';
import type { Kind } from './kind.ts';

// Debian policy 5.6.1 and 5.6.12, with an architecture and a version to pin.
const nameSchema = { type: 'string', pattern: '^[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?(=[A-Za-z0-9.+:~-]+)?$' } as const;

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      anyOf: [nameSchema, { type: 'array', items: nameSchema, minItems: 1 }],
      description: 'One package or a list of them; `name=version` pins a version.',
      examples: ['keepalived', ['docker-ce', 'docker-compose-plugin']],
    },
    state: {
      enum: ['present', 'absent'],
      description:
        'present (the default) installs what is missing and upgrades nothing; absent removes, and keeps configuration.',
      examples: ['present'],
    },
  },
} as const satisfies JSONSchema;

type PackageSpec = FromSchema<typeof schema>;

/** Installed packages of those asked for → version. */
type PackageSeen = Readonly<Record<string, string>>;

/** Packages of the host's own package manager; apt for now. */
export const packages: Kind<PackageSpec, PackageSeen | Fault> = {
  name: 'package',
  summary: 'Packages that are installed, or not, by apt.',
  schema,

  refuse(spec) {
    const pin = wanted(spec).find(({ version }) => version !== undefined);
    if (spec.state !== 'absent' || pin === undefined) return undefined;
    const what = `${pin.name}=${pin.version} cannot be absent.`;
    return { what, why: 'A package is removed whatever its version is.', mend: `Write ${pin.name}.` };
  },

  id: (spec) =>
    `package:${wanted(spec)
      .map(({ name }) => name)
      .join(',')}`,

  probe(spec) {
    const names = wanted(spec).map(({ name }) => name);
    return sh`${packagesNamed(names)}if command -v apt-get >/dev/null 2>&1; then
printf '%s\n' "$packages"
[ "$dpkg" -le 1 ]
else
for manager in dnf yum zypper apk pacman; do command -v "$manager" >/dev/null 2>&1 && break; manager='no apt'; done
echo "$manager" >&2; exit 9
fi`;
  },

  parse(answer, spec) {
    if (answer.code !== 0) return faultOf(answer);
    const installed = answer.stdout.split('\n').flatMap((line) => {
      const [status, name, architecture, version] = line.split(' ');
      return status === 'installed' ? [{ name, architecture, version: version! }] : [];
    });
    const seen = wanted(spec).flatMap(({ name }) => {
      const [bare, architecture] = name.split(':');
      const found = installed.find((one) => one.name === bare && [one.architecture, undefined].includes(architecture));
      return found ? [[name, found.version] as const] : [];
    });
    return seen.length === 0 ? undefined : Object.fromEntries(seen);
  },

  diff(spec, observed) {
    const names = wanted(spec).map(({ name }) => name);
    if (isFault(observed)) {
      return unreadable(
        `The package ${names.join(', ')}`,
        {
          fault: `hadeploy installs with apt only; the host has ${observed.fault}.`,
        },
        'Install it by hand or with a `command`, and guard this task with a `when` on the distribution.',
      );
    }
    if (spec.state === 'absent') return compareFields(undefined, observed);
    const desired: Fields = Object.fromEntries(wanted(spec).map(({ name, version }) => [name, version ?? 'installed']));
    const seen: Fields | undefined =
      observed && Object.fromEntries(wanted(spec).map(({ name, version }) => [name, shown(observed[name], version)]));
    const change = compareFields(desired, seen);
    if (change.action !== 'update') return change;
    const missing = change.fields.filter((field) => field.from === undefined).map((field) => field.field);
    if (missing.length < change.fields.length) return { ...change, cause: 'version differs' };
    return { ...change, cause: `${missing.join(', ')} absent` };
  },

  apply(spec, change) {
    const names = change.fields.map((field) => field.field);
    const remove = change.action === 'delete';
    const pins = wanted(spec).flatMap(({ name, version }) =>
      version && names.includes(name) ? [`${name}=${version}`] : [],
    );
    const words = [...names.filter((name) => !pins.some((pin) => pin.startsWith(`${name}=`))), ...pins];
    const script = remove
      ? sh`${settings}
apt-get remove ${options} -- ${words}`
      : sh`${settings}
${freshLists(words)}
apt-get install ${[...(pins.length > 0 ? ['--allow-downgrades'] : []), '--no-install-recommends', ...options]} -- ${words}`;
    return [{ do: 'run', what: `${remove ? 'remove' : 'install'} ${words.join(', ')}`, script, timeoutS: 900 }];
  },
};

// One look at all packages that are asked for; each finds its own in it.
function packagesNamed(names: readonly string[]): Script {
  const ask = (about: readonly string[]) => sh`packages=$(dpkg-query -W -f=${dpkgLine} -- ${about})
dpkg=$?`;
  return looking({ name: 'packages', about: names, ask });
}

const dpkgLine = '${db:Status-Status} ${Package} ${Architecture} ${Version}\\n';

// needrestart would restart services of its own accord after an install: `l` only lists them.
const settings = sh`export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l LC_ALL=C`;

// Configuration that someone changed stays; an unattended-upgrades that holds the lock is waited for.
const options = [
  '-y',
  '-q',
  '-o',
  'Dpkg::Options::=--force-confdef',
  '-o',
  'Dpkg::Options::=--force-confold',
  '-o',
  'DPkg::Lock::Timeout=120',
];

/** Fetches the package lists when they are older than a day or do not know what is wanted. */
function freshLists(words: readonly string[]) {
  return lines([
    sh`fresh=$(find /var/lib/apt/lists /var/lib/apt/lists/partial -maxdepth 0 -mmin -1440 2>/dev/null)`,
    sh`[ -n "$fresh" ] && apt-get install -s --no-install-recommends --allow-downgrades -- ${words} >/dev/null 2>&1 || apt-get update -q ${options.slice(-2)} || exit`,
  ]);
}

/** What a version is shown as: itself when one is pinned, else only that the package is there. */
function shown(version: string | undefined, pin: string | undefined): string | undefined {
  return version === undefined || pin !== undefined ? version : 'installed';
}

/** The packages of a spec with their pins, each once, in order of name. */
function wanted(spec: PackageSpec): readonly { readonly name: string; readonly version: string | undefined }[] {
  const all = typeof spec.name === 'string' ? [spec.name] : spec.name;
  return [...new Set(all)].sort().map((one) => {
    const [name, version] = one.split('=', 2);
    return { name: name!, version };
  });
}

import { deeds, type Item, type Plan } from '../../../src/plan/plan.ts';
import { isDeed, type Shown } from '../../../src/resources/change.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import type { Scenario } from './scenario.ts';

type Spec = Readonly<Record<string, unknown>>;

/** What scripts print that read a value by other means than the probes of hadeploy; `-` on a line of its own for nothing. */
type Read = (spec: Spec, field: string) => string;

const nothing = '-';
const word = (text: unknown) => `'${String(text).replaceAll("'", `'\\''`)}'`;
const orNothing = (script: string) => `{ ${script}; } 2>/dev/null || echo ${nothing}`;

/** The bytes of a file in base64, after a sign that it is there. */
const bytesOf = (path: string) => orNothing(`[ -f ${word(path)} ] && echo = && base64 -w 0 <${word(path)}`);
const statOf = (path: string, format: string) => orNothing(`stat -c ${word(format)} ${word(path)}`);
const ownerAndMode: Read = ({ path }, field) => statOf(String(path), field === 'owner' ? '%U:%G' : '%04a');

/** Per kind, the script that reads one field anew. */
const reads: Readonly<Record<string, Read>> = {
  directory: ownerAndMode,
  file: (spec, field) => (field === 'content' ? bytesOf(String(spec['path'])) : ownerAndMode(spec, field)),
  sysctl: ({ name }, field) =>
    field === 'file' ? bytesOf(`/etc/sysctl.d/60-hadeploy-${name}.conf`) : `sysctl -n ${word(name)} | tr -s '\\t' ' '`,
  service: ({ name }, field) =>
    field === 'state'
      ? `systemctl is-active ${word(name)} | sed 's/^active$/started/; s/^inactive$/stopped/'`
      : `systemctl is-enabled ${word(name)} | sed 's/^enabled$/true/; s/^disabled$/false/'`,
  user: ({ name }, field) => {
    const column = { name: 1, uid: 3, home: 6, shell: 7 }[field];
    if (column !== undefined) return orNothing(`getent passwd ${word(name)} | cut -d: -f${column} | grep .`);
    if (field === 'group') return orNothing(`id -gn ${word(name)}`);
    return orNothing(`id -Gn ${word(name)} | tr ' ' '\\n' | grep -qxF ${word(field.slice('in '.length))} && echo yes`);
  },
  package: (_, name) => orNothing(`dpkg-query -W -f '\${db:Status-Status}\\n' ${word(name)} | grep -x installed`),
  image: ({ name }) => orNothing(`docker image inspect ${word(name)} >/dev/null && echo ${word(name)}`),
  iptables_chain: ({ chain }, field) => {
    const unit = `hadeploy-chain-${chain}.service`;
    const rules = (program: string) =>
      orNothing(
        `${program} -S ${word(chain)} >/dev/null && echo = && ${program} -S ${word(chain)} | sed '1d; s/^-A ${chain} //' | base64 -w 0`,
      );
    if (field === 'rules') return rules('iptables');
    if (field === 'rules6') return rules('ip6tables');
    if (field === 'unit')
      return orNothing(
        `systemctl is-enabled ${unit} | grep -qx enabled && [ -s /etc/hadeploy/chains/${chain}.v4 ] && echo 'enabled, restores it at boot'`,
      );
    const first = (program: string) => `[ "$(${program} -S INPUT | sed -n 2p)" = '-A INPUT -j ${chain}' ]`;
    return orNothing(`${first('iptables')} && ${first('ip6tables')} && echo 'first in INPUT'`);
  },
  compose: ({ path }, field) => {
    const [, name, what] = /^(\S+) (mode|owner)$/.exec(field) ?? [];
    if (what !== undefined) return statOf(`${path}/${name}`, what === 'mode' ? '%04a' : '%U:%G');
    if (field.startsWith('image ')) {
      return orNothing(`docker image inspect ${word(field.slice('image '.length))} >/dev/null && echo pulled`);
    }
    return bytesOf(`${path}/${field}`);
  },
};

/** The containers of a bundle: service → id, whether it runs, and since when. */
type Containers = ReadonlyMap<string, { readonly id: string; readonly runs: boolean; readonly since: string }>;

async function containersOf(at: Scenario, host: string, { spec }: Resource): Promise<Containers> {
  const { project } = spec as { readonly project: string };
  const format =
    '{{index .Config.Labels "com.docker.compose.service"}} {{.Id}} {{.State.Running}} {{.State.StartedAt}}';
  const said = await at.on(
    host,
    `docker ps -aq --filter label=com.docker.compose.project=${word(project)} | xargs -r docker inspect -f ${word(format)}`,
  );
  const lines = said.split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [service = '', id = '', runs, since = ''] = line.split(' ');
      return [service, { id, runs: runs === 'true', since }];
    }),
  );
}

/** What became of a service, in the words of a plan. */
function becameOf(before: Containers, after: Containers, service: string): string | undefined {
  const [was, is] = [before.get(service), after.get(service)];
  if (is === undefined) return was === undefined ? undefined : 'removed';
  if (!is.runs) return 'stopped';
  if (was === undefined) return 'created';
  if (was.id !== is.id) return 'recreated';
  if (was.since === is.since) return 'reloaded';
  return was.runs ? 'restarted' : 'started';
}

/** Reads anew what a plan showed: `before` is called before it is carried out, and what it returns after. */
export async function reader(
  at: Scenario,
  host: string,
  plan: Plan,
): Promise<() => Promise<(item: Item, field: string) => Shown>> {
  const bundles = deeds(plan).filter(({ resource }) => resource.kind === 'compose');
  const look = async () =>
    new Map(
      await Promise.all(
        bundles.map(async ({ resource }) => [resource.id, await containersOf(at, host, resource)] as const),
      ),
    );
  const before = await look();
  return async () => {
    const after = await look();
    const fields = deeds(plan).flatMap((item) =>
      isDeed(item.change) ? item.change.fields.map(({ field, to }) => ({ item, field, to })) : [],
    );
    const values = new Map<Item, Map<string, Shown>>();
    for (const { item, field, to } of fields) {
      const { kind, id, spec } = item.resource;
      const of = values.get(item) ?? new Map<string, Shown>();
      values.set(item, of);
      const service = kind === 'compose' && field.startsWith('service ') ? field.slice('service '.length) : undefined;
      const became = service === undefined ? undefined : becameOf(before.get(id)!, after.get(id)!, service);
      if (service !== undefined) of.set(field, to === undefined && became === 'removed' ? undefined : became);
      else of.set(field, typed(await at.on(host, reads[kind]!(spec as Spec, field)), to));
    }
    return (item, field) => values.get(item)!.get(field);
  };
}

/** What a script printed, in the type of the value that a plan showed. */
function typed(said: string, shown: Shown): Shown {
  if (said === nothing) return undefined;
  if (said === '=' || said.startsWith('=\n')) return Buffer.from(said.slice(2), 'base64').toString('utf8');
  if (typeof shown === 'number') return Number(said);
  return typeof shown === 'boolean' ? said === 'true' : said;
}

/** Per kind, all that belongs to what a task declares, to be compared byte for byte. */
const whole: Readonly<Record<string, (spec: Spec) => string>> = {
  file: ({ path }) => `stat -c '%n %F %a %U:%G' ${word(path)} 2>&1; sha256sum ${word(path)} 2>&1`,
  directory: ({ path }) => `stat -c '%n %F %a %U:%G' ${word(path)} 2>&1`,
  sysctl: ({ name }) => `sysctl -n ${word(name)}; sha256sum /etc/sysctl.d/60-hadeploy-${name}.conf 2>&1`,
  service: ({ name }) => `systemctl show -p LoadState -p ActiveState -p UnitFileState ${word(name)}`,
  package: ({ name }) =>
    `dpkg-query -W -f '\${db:Status-Status} \${Version}\\n' ${[name].flat().map(word).join(' ')} 2>&1`,
  user: ({ name }) => `getent passwd ${word(name)}; id -gn ${word(name)} 2>&1`,
  iptables_chain: ({ chain }) =>
    `for t in iptables ip6tables; do $t -S ${word(chain)} 2>&1; $t -S INPUT; done; find /etc/hadeploy /etc/systemd/system -name '*${chain}*' -type f -exec sha256sum {} + | sort -k 2`,
  compose: ({ project, path }) =>
    `docker ps -a --filter label=com.docker.compose.project=${word(project)} --format '{{.Names}} {{.Image}} {{.State}} {{.Ports}}' | sort; cd ${word(path)} && find . -type f ! -name '.*' -exec sh -c 'stat -c "%n %a %U:%G" "$1"; sha256sum "$1"' - {} \\; | sort`,
};

/** The state of everything that tasks declare on a host, by id. */
export async function stateOf(
  at: Scenario,
  host: string,
  resources: readonly Resource[],
): Promise<Readonly<Record<string, string>>> {
  const known = resources.filter(({ kind }) => whole[kind] !== undefined);
  const said = await Promise.all(known.map(({ kind, spec }) => at.on(host, `${whole[kind]!(spec as Spec)}; :`)));
  return Object.fromEntries(known.map(({ id }, index) => [id, said[index]!]));
}

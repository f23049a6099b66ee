import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianMirror, openArchive } from '../lab/archive.ts';
import { ensureBaseImage } from '../lab/base-image.ts';
import { must, run } from '../lab/command.ts';
import type { Lab } from '../lab/lab.ts';
import { makeOnce } from '../lab/make-once.ts';
import { cacheDir } from '../lab/paths.ts';
import { hostRecipe, recipeKey } from '../lab/recipe.ts';
import type { Estate } from './estate.ts';
import { runTimed, type Told } from './program.ts';

const play = 'bench/ansible-roll/roll.yml';

/** Installs Debian's Ansible on this machine where it is missing; gives the reason, as a sentence, when it cannot. */
export async function ansibleUnavailable(): Promise<string | undefined> {
  const there = async () => (await run('ansible-playbook', ['--version']).catch(() => ({ code: 1 }))).code === 0;
  if (await there()) return undefined;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['-qq', 'update'], { env });
  const { stderr } = await run('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', 'ansible'], { env });
  return (await there()) ? undefined : `Ansible could not be installed: ${stderr.trim().split('\n').at(-1) ?? ''}`;
}

/** Puts Python on the hosts, and what else of Debian's is named: Ansible needs it there, and hadeploy does not. */
export async function installPython(lab: Lab, more: readonly string[] = []): Promise<void> {
  const names = ['python3', ...more];
  const folder = join(cacheDir(), `${names.join('+')}-${recipeKey(hostRecipe)}`);
  await makeOnce(folder, async (draft) => {
    const { prepared } = await ensureBaseImage(() => {});
    const archive = await openArchive(hostRecipe.release, await debianMirror(), join(draft, 'archive'));
    await archive.downloadMissing(names, join(prepared, 'var/lib/dpkg/status'), join(draft, 'packages'));
  });
  const packages = readdirSync(join(folder, 'packages')).filter((name) => name.endsWith('.deb'));
  const paths = packages.map((name) => join(folder, 'packages', name));
  for (const { name } of lab.hosts) {
    await lab.exec(name, 'mkdir -p /root/python');
    await must('scp', ['-q', '-F', lab.sshConfig, ...paths, `${name}:/root/python/`]);
    const { code, stderr } = await lab.exec(
      name,
      'apt-get -qq --yes --no-install-recommends install /root/python/*.deb >/dev/null',
    );
    if (code !== 0) throw new Error(`Python could not be installed on ${name}: ${stderr}`);
  }
}

/** Rolls the bundles out with the obvious play. */
export function rollByAnsible(lab: Lab, { members }: Estate, bundles: string): Promise<Told> {
  const hosts = lab.hosts.map(({ name, address }) => [
    name,
    {
      ansible_host: address,
      projects: members
        .filter((member) => member.address === address)
        .map((member) => ({ name: member.name, port: member.port })),
    },
  ]);
  const inventory = join(bundles, '../ansible-hosts.json');
  const vars = {
    bundles,
    ansible_user: 'deploy',
    ansible_ssh_private_key_file: lab.privateKey,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${lab.knownHosts}`,
    ansible_ssh_pipelining: true,
    ansible_python_interpreter: '/usr/bin/python3',
  };
  writeFileSync(inventory, JSON.stringify({ all: { vars, hosts: Object.fromEntries(hosts) } }));
  return runTimed('ansible-playbook', ['-i', inventory, play], { ANSIBLE_HOST_KEY_CHECKING: 'true' });
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './command.ts';
import { LabError } from './lab-error.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The Debian mirror that this machine's own apt sources name, or the one in HADEPLOY_LAB_MIRROR. */
export async function debianMirror(): Promise<string> {
  const chosen = process.env['HADEPLOY_LAB_MIRROR'];
  if (chosen) return chosen;
  let mirror = await listedMirror();
  if (mirror === undefined) {
    // Where an index comes from is known only once it has been fetched, and a new machine has fetched none.
    await must('apt-get', ['-qq', 'update']);
    mirror = await listedMirror();
  }
  if (mirror === undefined)
    throw new LabError(
      "This machine's apt sources name no Debian mirror. Set HADEPLOY_LAB_MIRROR to one and run the command again.",
    );
  return mirror;
}

async function listedMirror(): Promise<string | undefined> {
  const listed = await must('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Origin: Debian', 'Label: Debian']);
  return listed.split('\n').find((line) => line !== '');
}

/** A Debian release's packages, read with the machine's apt but with none of its state: a private apt in a folder. */
export type Archive = {
  /** Puts the newest .deb of each package into the folder. */
  download(packages: readonly string[], folder: string): Promise<void>;
  /** Puts into the folder all that must be installed for these packages on the system with this dpkg status file. */
  downloadMissing(packages: readonly string[], status: string, folder: string): Promise<void>;
};

/** Opens a release from the mirror, fetching its index into the folder. */
export async function openArchive(release: string, mirror: string, folder: string): Promise<Archive> {
  mkdirSync(join(folder, 'lists/partial'), { recursive: true });
  mkdirSync(join(folder, 'cache/archives/partial'), { recursive: true });
  const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  writeFileSync(join(folder, 'sources.list'), `deb ${signed}${mirror} ${release} main\n`);
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    'APT::Sandbox::User': 'root',
    'Debug::NoLocking': '1',
  };
  const apt = (more: Readonly<Record<string, string>>, args: readonly string[], cwd: string) =>
    must(
      'apt-get',
      [
        ...Object.entries({ ...settings, ...more }).flatMap(([key, value]) => ['-o', `${key}=${value}`]),
        '-qq',
        ...args,
      ],
      { cwd, env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } },
    );
  await apt({}, ['update'], folder);
  return {
    download: async (packages, into) => {
      mkdirSync(into, { recursive: true });
      await apt({}, ['download', ...packages], into);
    },
    downloadMissing: async (packages, status, into) => {
      mkdirSync(join(into, 'partial'), { recursive: true });
      await apt(
        { 'Dir::State::status': status, 'Dir::Cache::archives': into },
        ['--yes', '--no-install-recommends', '--download-only', 'install', ...packages],
        folder,
      );
    },
  };
}

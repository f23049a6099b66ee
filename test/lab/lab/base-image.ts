import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { indexPackages } from './apt-index.ts';
import { type Archive, debianMirror, openArchive } from './archive.ts';
import { must } from './command.ts';
import { makeOnce } from './make-once.ts';
import { cacheDir } from './paths.ts';
import { type HostRecipe, hostRecipe, recipeKey } from './recipe.ts';

/** The hosts' shared, read-only file systems: a whole bare root, the layer that prepares it, and an apt source. */
export type BaseImage = { readonly bare: string; readonly prepared: string; readonly apt: string };

/** The base image of the recipe, made on the first call and taken from the cache on later ones. */
export async function ensureBaseImage(say: (line: string) => void): Promise<BaseImage> {
  const folder = join(cacheDir(), `host-${recipeKey(hostRecipe)}`);
  await makeOnce(folder, async (draft) => {
    say(`Making the hosts' base image in ${folder} (once, about two minutes)`);
    await build(hostRecipe, imageIn(draft), draft, say);
  });
  return imageIn(folder);
}

const imageIn = (folder: string): BaseImage => ({
  bare: join(folder, 'bare'),
  prepared: join(folder, 'prepared'),
  apt: join(folder, 'apt'),
});

async function build(recipe: HostRecipe, image: BaseImage, folder: string, say: (line: string) => void) {
  const mirror = await debianMirror();
  const packages = recipe.bare.join(',');
  // A mount namespace of its own, so that a build that is killed leaves no mount behind.
  await must('unshare', [
    '--mount',
    'debootstrap',
    '--variant=minbase',
    `--include=${packages}`,
    recipe.release,
    image.bare,
    mirror,
  ]);
  await must('chroot', [image.bare, 'sh', '-c', recipe.finish]);
  say("Fetching the lab's apt source");
  const private_ = join(folder, 'archive');
  const archive: Archive = await openArchive(recipe.release, mirror, private_);
  await archive.downloadMissing(recipe.prepared, join(image.bare, 'var/lib/dpkg/status'), image.apt);
  await indexPackages(image.apt);
  rmSync(private_, { recursive: true });
  say('Installing Docker and keepalived into the prepared layer');
  const work = join(folder, 'work');
  const merged = join(folder, 'merged');
  for (const made of [image.prepared, work, merged]) mkdirSync(made);
  await must(
    'unshare',
    ['--mount', 'sh', '-c', prepare, 'prepare', image.bare, image.prepared, work, merged, image.apt],
    {
      env: { PACKAGES: recipe.prepared.join(' ') },
    },
  );
  rmSync(work, { recursive: true });
  rmSync(merged, { recursive: true });
}

const prepare = `
set -eu
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4"
mount --bind "$5" "$4/srv/apt"
mount -t proc proc "$4/proc"
chroot "$4" sh -euc '
  export DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  apt-get -qq update
  apt-get -qq --yes --no-install-recommends -o DPkg::Options::=--force-unsafe-io install $PACKAGES
  rm -rf /var/cache/apt/* /var/lib/apt/lists/* /var/cache/debconf/*-old
'
umount "$4/proc" "$4/srv/apt" "$4"
`;

import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { type Archive, debianMirror, openArchive } from './archive.ts';
import { must } from './command.ts';
import { generations, type ImageRecipe, imageRecipes, tagOf } from './image-recipes.ts';
import { layOutRoot } from './image-root.ts';
import { makeOnce } from './make-once.ts';
import { cacheDir } from './paths.ts';
import { recipeKey } from './recipe.ts';
import { type Digest, digestOf, storeBytes, storeFile, tagImage } from './registry-store.ts';

/** The images the labs serve: the registry program, its content, and the NAME:TAG list. */
export type Images = { readonly program: string; readonly store: string; readonly tags: readonly string[] };

/** Rises when the way images are laid out changes, so that no lab serves the old ones. */
const layout = 1;

/** The images of the recipes, made on the first call and taken from the cache on later ones. */
export async function ensureImages(say: (line: string) => void): Promise<Images> {
  const folder = join(cacheDir(), `images-${recipeKey([layout, generations, imageRecipes])}`);
  await makeOnce(folder, async (draft) => {
    say(`Making the container images in ${folder} (once, about a minute)`);
    const work = join(draft, 'work');
    const tags = await build(work, join(draft, 'store'), join(draft, 'docker-registry'));
    rmSync(work, { recursive: true });
    writeFileSync(join(draft, 'images.json'), JSON.stringify(tags));
  });
  return {
    program: join(folder, 'docker-registry'),
    store: join(folder, 'store'),
    tags: JSON.parse(readFileSync(join(folder, 'images.json'), 'utf8')) as string[],
  };
}

async function build(work: string, store: string, program: string): Promise<string[]> {
  const mirror = await debianMirror();
  const tags: string[] = [];
  for (const release of generations) {
    const archive = await openArchive(release, mirror, join(work, release));
    // The registry of the older release runs on both, because a newer C library runs older programs.
    if (release === generations[0]) await fetchRegistry(archive, join(work, 'registry'), program);
    const common = join(work, release, 'common');
    await archive.download(['libc6', 'busybox-static'], common);
    for (const recipe of imageRecipes) {
      const packages = recipe.packages[release];
      if (packages === undefined) continue;
      const place = join(work, release, recipe.name);
      const debs = join(place, 'debs');
      await archive.download(packages, debs);
      tags.push(await buildImage(recipe, debs, common, place, store));
      rmSync(place, { recursive: true });
    }
  }
  return tags.sort();
}

async function buildImage(
  recipe: ImageRecipe,
  debs: string,
  common: string,
  place: string,
  store: string,
): Promise<string> {
  const unpacked = join(place, 'unpacked');
  const root = join(place, 'root');
  for (const folder of [common, debs])
    for (const deb of debsIn(folder)) await must('dpkg-deb', ['--extract', join(folder, deb), unpacked]);
  const main = debsIn(debs).find((file) => file.startsWith(`${recipe.versionOf}_`)) ?? recipe.versionOf;
  const version = (await must('dpkg-deb', ['--field', join(debs, main), 'Version'])).trim();
  await layOutRoot(recipe, unpacked, root);
  const tar = join(place, 'layer.tar');
  // Equal packages give equal bytes, so a digest noted anywhere stays true when the cache is made again.
  await must('tar', ['--sort=name', '--mtime=@0', '--numeric-owner', '-C', root, '-cf', tar, '.']);
  const diffId = await digestOf(tar);
  await must('gzip', ['-1n', tar]);
  const tag = tagOf(version);
  await storeImage(store, recipe, tag, { file: `${tar}.gz`, diffId, from: `${recipe.versionOf} ${version}` });
  return `${recipe.name}:${tag}`;
}

type Layer = { readonly file: string; readonly diffId: Digest; readonly from: string };

async function storeImage(store: string, recipe: ImageRecipe, tag: string, layer: Layer): Promise<void> {
  const created = '1970-01-01T00:00:00Z';
  const config = JSON.stringify({
    architecture: arch() === 'x64' ? 'amd64' : arch(),
    os: 'linux',
    created,
    config: { ...recipe.config, Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
    history: [{ created, created_by: `Debian package ${layer.from}` }],
  });
  const size = statSync(layer.file).size;
  const digest = await digestOf(layer.file);
  await storeFile(store, layer.file, digest);
  const configDigest = storeBytes(store, config);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: Buffer.byteLength(config),
      digest: configDigest,
    },
    layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', size, digest }],
  });
  tagImage(store, recipe.name, tag, storeBytes(store, manifest), [digest, configDigest]);
}

async function fetchRegistry(archive: Archive, place: string, program: string): Promise<void> {
  await archive.download(['docker-registry'], place);
  for (const deb of debsIn(place)) await must('dpkg-deb', ['--extract', join(place, deb), place]);
  copyFileSync(join(place, 'usr/bin/docker-registry'), program);
}

const debsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.deb'));

import { chownSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must } from './command.ts';
import type { ImageRecipe } from './image-recipes.ts';
import { LabError } from './lab-error.ts';

const nobody = 65534;

/** Lays out an image's root folder from unpacked packages: the program, its C library, a shell, and the user nobody. */
export async function layOutRoot(recipe: ImageRecipe, unpacked: string, root: string): Promise<void> {
  for (const folder of [
    'bin',
    'etc',
    'usr/lib',
    'usr/share',
    'var/lib/prometheus',
    'tmp',
    'root',
    'dev',
    'proc',
    'sys',
  ])
    mkdirSync(join(root, folder), { recursive: true });
  await must('chmod', ['1777', join(root, 'tmp')]);
  for (const [from, to] of Object.entries(recipe.files)) {
    const source = join(unpacked, from);
    if (!existsSync(source)) continue;
    mkdirSync(dirname(join(root, to)), { recursive: true });
    cpSync(source, join(root, to), { recursive: true, verbatimSymlinks: true });
  }
  await copyLibrary(unpacked, root);
  await addShell(unpacked, root);
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  );
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnobody:x:65534:\n');
  writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  for (const folder of recipe.owned) {
    mkdirSync(join(root, folder));
    chownSync(join(root, folder), nobody, nobody);
  }
  for (const [link, target] of Object.entries(recipe.links)) symlinkSync(target, join(root, link));
}

/** Debian's programs are linked to libraries of their own release, so the image carries these at the place they look. */
async function copyLibrary(unpacked: string, root: string): Promise<void> {
  for (const folder of ['lib', 'lib64']) {
    const sources = [join(unpacked, folder), join(unpacked, 'usr', folder)].filter((path) => existsSync(path));
    if (sources.length === 0) continue;
    mkdirSync(join(root, 'usr', folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
    for (const source of sources) {
      const found = await must(
        'find',
        [
          ...['.', '-name', 'ld-linux*.so.*', '-o', '-name', 'libc.so.6', '-o', '-name', 'libresolv.so.2'],
          ...['-o', '-name', 'libpthread.so.0', '-o', '-name', 'libdl.so.2', '-o', '-name', 'libm.so.6'],
          ...['-o', '-name', 'libzstd.so.1*'],
        ],
        { cwd: source },
      );
      for (const file of found.split('\n').filter((line) => line !== '')) {
        mkdirSync(dirname(join(root, 'usr', folder, file)), { recursive: true });
        cpSync(join(source, file), join(root, 'usr', folder, file), { verbatimSymlinks: true });
      }
    }
  }
}

async function addShell(unpacked: string, root: string): Promise<void> {
  const busybox = [join(unpacked, 'bin/busybox'), join(unpacked, 'usr/bin/busybox')].find((path) => existsSync(path));
  if (busybox === undefined) throw new LabError(`There is no busybox in ${unpacked}.`);
  cpSync(busybox, join(root, 'bin/busybox'));
  for (const applet of (await must(busybox, ['--list'])).split('\n').filter((line) => line !== '')) {
    const link = join(root, 'bin', applet);
    if (!existsSync(link)) symlinkSync('busybox', link);
  }
}

import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A blob's content address, as in "sha256:ab12…". */
export type Digest = `sha256:${string}`;

/** The sha256 of a file's bytes. */
export async function digestOf(file: string): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest('hex')}`;
}

// The folder layout below is the registry's own, version 2 of its filesystem driver; writing it needs no running registry.

/** Moves a file into the store as a blob. */
export async function storeFile(store: string, file: string, digest: Digest): Promise<void> {
  await rename(file, blobPath(store, digest));
}

/** Writes bytes into the store as a blob and returns its digest. */
export function storeBytes(store: string, bytes: string): Digest {
  const digest: Digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const path = blobPath(store, digest);
  writeFileSync(`${path}.part`, bytes);
  renameSync(`${path}.part`, path);
  return digest;
}

/** Makes a stored manifest and its blobs known to the registry as NAME:TAG. */
export function tagImage(store: string, name: string, tag: string, manifest: Digest, blobs: readonly Digest[]): void {
  const repository = join(store, 'docker/registry/v2/repositories', name);
  for (const blob of blobs) link(join(repository, '_layers', folderOf(blob)), blob);
  link(join(repository, '_manifests/revisions', folderOf(manifest)), manifest);
  link(join(repository, '_manifests/tags', tag, 'current'), manifest);
  link(join(repository, '_manifests/tags', tag, 'index', folderOf(manifest)), manifest);
}

function blobPath(store: string, digest: Digest): string {
  const hex = digest.slice('sha256:'.length);
  const path = join(store, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data');
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

const folderOf = (digest: Digest): string => digest.replace(':', '/');

function link(folder: string, digest: Digest): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'link'), digest);
}

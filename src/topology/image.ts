/** Major and minor number of the version in an image's tag (`prom/prometheus:v2.53.3@sha256:…` → [2, 53]). */
export type Version = readonly [major: number, minor: number];

/** The version that the tag of an image names; undefined where it names none (`latest`, a digest alone). */
export function versionOf(image: string): Version | undefined {
  const tag = /^[^@]*\/?[^/@]*:([^/@]+)(?:@|$)/.exec(image)?.[1] ?? '';
  const found = /^v?([0-9]+)\.([0-9]+)(?:\.|-|$)/.exec(tag);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

/** Whether an image's version is known, and is this one or a later one. */
export function isAtLeast(image: string, [major, minor]: Version): boolean {
  const version = versionOf(image);
  return version !== undefined && (version[0] > major || (version[0] === major && version[1] >= minor));
}

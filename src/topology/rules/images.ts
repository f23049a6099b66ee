import type { Place } from '../../diagnostics/diagnostic.ts';
import { SERVICES } from '../groups.ts';
import type { Topology } from '../topology.ts';
import type { Kind } from './cells.ts';
import type { Rule } from './rule.ts';

const SOFTWARE: Readonly<Record<Kind, string>> = {
  scrapers: 'prometheus',
  pushgateways: 'pushgateway',
  federators: 'prometheus',
  alertmanagers: 'alertmanager',
};

/** Each image with the place where it is written; one under `versions` once, whoever uses it. */
function images(topology: Topology): readonly { readonly image: string; readonly at: Place }[] {
  const all = SERVICES.flatMap((kind) =>
    topology[kind].map(({ name, image }) => {
      const own = [kind, name, 'image'];
      const at = topology.at(topology.has(own) ? own : ['versions', SOFTWARE[kind]]);
      return { image, at };
    }),
  );
  return [...new Map(all.map((one) => [JSON.stringify(one.at), one])).values()];
}

/** The tag of an image; undefined where it has none. */
function tagOf(image: string): string | undefined {
  return /:([^:/@]+)(?:@|$)/.exec(image)?.[1];
}

const unpinnedImage: Rule = {
  code: 'unpinned-image',
  severity: 'error',
  title: 'Images name a version.',
  why: 'Otherwise the halves of a pair run what was newest when each of them was pulled, and flags that depend on the version cannot be known.',
  mend: 'Write the version as the tag, for example prom/prometheus:v2.53.3.',
  more: '`latest` and `main` are no versions. A digest alone pins the bytes, but does not say which flags they understand: write both, image:version@sha256:….',
  find: ({ topology }) =>
    images(topology)
      .filter(({ image }) => !/[0-9]/.test(tagOf(image) ?? ''))
      .map(({ image, at }) => ({ what: `"${image}" names no version.`, at })),
};

const noDigest: Rule = {
  code: 'no-digest',
  severity: 'warning',
  title: 'Images are pinned by digest.',
  why: 'A tag can be moved to other bytes, and the halves of a pair would then differ.',
  mend: 'Add the digest: image:version@sha256:…, as `docker buildx imagetools inspect image:version` shows it.',
  more: 'The version stays beside it: it decides which flags are used.',
  find: ({ topology }) =>
    images(topology)
      .filter(({ image }) => /[0-9]/.test(tagOf(image) ?? '') && !/@sha256:[0-9a-f]{64}$/.test(image))
      .map(({ image, at }) => ({ what: `"${image}" has no digest.`, at })),
};

const distrolessImage: Rule = {
  code: 'distroless-image',
  severity: 'error',
  title: 'Images are not of the distroless kind.',
  why: 'They run as another user, who cannot write the data that is there, and have no wget for the health check.',
  mend: 'Take the tag without -distroless.',
  more: 'The usual images run as user 65534 and bring a busybox; the distroless ones run as 65532 and bring nothing. Data written by one is not writable for the other.',
  find: ({ topology }) =>
    images(topology)
      .filter(({ image }) => tagOf(image)?.includes('distroless'))
      .map(({ image, at }) => ({ what: `"${image}" is a distroless image.`, at })),
};

/** Rules of images. */
export const imageRules: readonly Rule[] = [unpinnedImage, noDigest, distrolessImage];

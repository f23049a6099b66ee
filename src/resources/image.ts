import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { lineByLine, type Script, sh } from '../posix/script.ts';
import { compareFields } from './compare.ts';
import { objectsNamed } from './docker-looks.ts';
import { type Fault, faultOf, isFault, unreadable } from './fault.ts';
import type { Kind } from './kind.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      pattern: '^[^\\s-][^\\s]*$',
      description: 'Name of the image as compose has it, with its tag or digest.',
      examples: ['prom/prometheus:v2.53.3'],
    },
  },
} as const satisfies JSONSchema;

type ImageSpec = FromSchema<typeof schema>;

/** Id of the image that the host has under the name. */
interface ImageSeen {
  readonly id: string;
}

/** Seconds for the pull of one image. */
const pullS = 1800;

/** An image on the host, so that whoever needs it later need not wait for it. */
export const image: Kind<ImageSpec, ImageSeen | Fault> = {
  name: 'image',
  summary: 'A container image that is on the host before anything needs it; one that is there is not pulled again.',
  schema,

  id: (spec) => `image:${spec.name}`,

  // Without Docker, or while it is down, there is no image yet: an earlier task will bring both.
  probe: (spec) => sh`${objectsNamed([spec.name])}command -v docker >/dev/null 2>&1 || exit 0
case $inspect in 124|143) exit 124 ;; esac
${lineByLine(sh`for one in $objects; do
  case $one in ${listed(spec.name)}) one=\${one#*|*|}; printf '%s\n' "\${one%%|*}"; exit ;; esac
done`)}
timeout 10 docker image inspect -f '{{.Id}}' -- ${spec.name} 2>/dev/null
[ $? -ne 124 ] || exit 124`,

  parse(answer) {
    if (answer.code === 124) return { fault: '`docker image inspect` gave no answer within 10 s' };
    if (answer.code !== 0) return faultOf(answer);
    const id = answer.stdout.split('\n').find((line) => /^sha256:[0-9a-f]{64}$/.test(line));
    return id === undefined ? undefined : { id };
  },

  diff(spec, observed) {
    if (isFault(observed)) return unreadable(spec.name, observed);
    const name = { image: spec.name };
    return compareFields(name, observed && name);
  },

  former: () => ({ lost: 'a pulled image stays, and does no harm' }),

  brings: (spec) => [`image ${spec.name}`],

  apply: (spec) => [
    { do: 'run', what: `pull ${spec.name}`, script: sh`docker pull -q -- ${spec.name}`, timeoutS: pullS },
  ],
};

/** The pattern of the line of an image that is known by this reference: a digest decides alone, as it does for Docker. */
function listed(reference: string): Script {
  const short = reference.replace(/^docker\.io\//, '').replace(/^library\//, '');
  const [, name, tag, digest] = /^(.+?)(:[^:/@]+)?(@.+)?$/.exec(short)!;
  if (digest !== undefined) return sh`*'|['*${`"${name}${digest}"`}*']|'*`;
  return sh`'['*${`"${name}${tag ?? ':latest'}"`}*']|'*'|'*`;
}

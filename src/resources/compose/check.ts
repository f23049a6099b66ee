import { dirname, join, relative } from 'node:path/posix';
import { lines, print, type Script, sh } from '../../posix/script.ts';
import type { Deed } from '../change.ts';
import { type Bundle, bundleOf, configMounts, mounts } from './bundle.ts';
import type { Service } from './compose-file.ts';
import type { Observed } from './observed.ts';
import type { ComposeSpec } from './schema.ts';

/** Files of others in a mounted folder are seen by a check up to this size: rules and certificates, not data. */
const STAGED_BYTES = 1_048_576;

/**
 * Judges the new files of every changed service by its own `check`, inside the image that will run, on a copy that is
 * gone afterwards; undefined where there is nothing to judge or the image is not on the host yet.
 */
export function check(spec: ComposeSpec, change: Deed, seen: Observed): Script | undefined {
  if (change.action === 'delete' || seen.docker !== 'ready') return undefined;
  const there = (image: string) => seen.settled || seen.images.has(image);
  const due = checkedServices(spec, change).filter((service) => there(service.image));
  if (due.length === 0) return undefined;
  return lines([
    sh`failed=0`,
    ...due.map((service) => sh`${checkService(spec, service, change)} || failed=1`),
    sh`exit $failed`,
  ]);
}

/** The services that a change touches and that have a check. */
export function checkedServices(spec: ComposeSpec, change: Deed): readonly Service[] {
  const bundle = bundleOf(spec);
  const fields = new Set(change.fields.map(({ field }) => field));
  return bundle.compose.services.filter(
    ({ name }) => bundle.care(name).check !== undefined && fields.has(`service ${name}`),
  );
}

/** A subshell that checks the files of one service. */
export function checkService(spec: ComposeSpec, service: Service, change: Deed): Script {
  const bundle = bundleOf(spec);
  const gone = change.fields.filter(({ to }) => to === undefined).map(({ field }) => field);
  const names = bundle.files.map(({ name }) => name);
  const staged = configMounts(bundle, service, names).map(({ source, target }, index) => ({
    source,
    target,
    stage: `stage${index}`,
  }));
  const others = service.binds.filter(({ source }) => staged.every((one) => one.source !== source));
  const user = service.user === undefined ? sh`` : sh` --user ${service.user}`;
  const [program, ...rest] = command(bundle, service.name);
  const what = `the check of ${service.name} (${[program, ...rest].join(' ')})`;
  return sh`(
d=$(mktemp -d) || exit 1
trap '[ ! -s "$d/cid" ] || docker rm -fv "$(cat "$d/cid")" >/dev/null 2>&1; rm -rf -- "$d"' EXIT
trap 'exit 143' HUP INT TERM
umask 022
${lines(staged.map((one) => stage(bundle, service, one, gone)))}
set --
${lines(others.map(({ source, target }) => sh`[ ! -e ${source} ] || set -- "$@" -v ${`${source}:${target}:ro`}`))}
${lines(staged.map(({ stage, target }) => sh`set -- "$@" -v "$d"/${`${stage}:${target}:ro`}`))}
timeout 60 docker run --rm --pull never --network none --log-driver none --cidfile "$d/cid"${user} "$@" --entrypoint ${program!} ${service.image} ${rest} >"$d/said" 2>&1 && { rm -f -- "$d/cid"; exit 0; }
rc=$?
printf '%s failed with exit code %s:\n' ${what} "$rc"
tail -n 40 "$d/said"
exit 1
)`;
}

/** Copies a mounted folder as it will be: files of others as they are, ours as they shall be. */
function stage(
  bundle: Bundle,
  service: Service,
  { source, stage }: { readonly source: string; readonly stage: string },
  gone: readonly string[],
): Script {
  const at = (name: string) => relative(source, join(bundle.path, name));
  const inside = (name: string) => !at(name).startsWith('..');
  const wanted = bundle.files.filter(({ name }) => inside(name) && mounts(bundle, service, name));
  const copy = 'for f; do mkdir -p -- "$0/${f%/*}" && cp -p -- "$f" "$0/$f"; done';
  const size = `-${STAGED_BYTES / 512 + 1}`;
  return sh`mkdir -- "$d"/${stage}
[ ! -d ${source} ] || ( cd -- ${source} && find . -type f -size ${size} -exec sh -c ${copy} "$d"/${stage} {} + )
${lines(gone.filter(inside).map((name) => sh`rm -f -- "$d"/${join(stage, at(name))}`))}
${lines(
  wanted.map(({ name, content, owner, mode }) => {
    const file = join(stage, at(name));
    return sh`mkdir -p -- "$d"/${dirname(file)} && rm -f -- "$d"/${file} && ${print(content)} >"$d"/${file} && chown -- ${owner} "$d"/${file} && chmod -- ${mode} "$d"/${file} || exit 1`;
  }),
)}`;
}

function command(bundle: Bundle, service: string): readonly string[] {
  const given = bundle.care(service).check ?? [];
  return typeof given === 'string' ? given.trim().split(/\s+/) : given;
}

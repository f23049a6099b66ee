import type { Change, FieldChange } from '../change.ts';
import { type Fault, isFault, unreadable } from '../fault.ts';
import type { Circumstances } from '../kind.ts';
import { shownContent } from '../shown-content.ts';
import { block } from './block.ts';
import { type Bundle, bundleOf } from './bundle.ts';
import type { Observed } from './observed.ts';
import { RECORD } from './record.ts';
import type { ComposeSpec } from './schema.ts';
import { rested, stateOf, type Verb, type Verdict, verdicts } from './verdict.ts';

/** Strongest first; the first that occurs is the cause of the change. */
const CAUSES: readonly (readonly [Verb, string])[] = [
  ['returned', 'put back'],
  ['created', 'create'],
  ['recreated', 'recreate'],
  ['scaled', 'scale'],
  ['removed', 'remove'],
  ['restarted', 'restart'],
  ['started', 'start'],
  ['reloaded', 'reload'],
];

/** What must happen to a bundle. Fields: files by name, `image REF`, `service NAME`. */
export function diff(spec: ComposeSpec, seen: Observed | Fault | undefined, now: Circumstances): Change {
  if (isFault(seen)) return unreadable(`The bundle ${spec.project}`, seen);
  if (seen === undefined) return { action: 'none' };
  return spec.state === 'absent' ? diffRemains(spec.project, seen) : diffBundle(bundleOf(spec), seen, now);
}

/** What a field tells: files go by their names alone, and images and services have deeds. */
export function fieldTells(field: string): 'content' | 'deed' | undefined {
  if (!field.includes(' ')) return 'content';
  return /^(image|service) /.test(field) ? 'deed' : undefined;
}

function diffBundle(bundle: Bundle, seen: Observed, now: Circumstances): Change {
  const blocked = block(bundle, seen, now);
  if (blocked !== undefined) return blocked;
  const files = fileFields(bundle, seen);
  const touched = [...new Set(files.map(({ field }) => field.split(' ')[0]!))];
  const due = verdicts(bundle, seen, touched, now);
  const fields = [
    ...files,
    ...imageFields(bundle, seen, now),
    ...due.map(({ service, from, to }) => ({ field: `service ${service}`, from, to })),
  ];
  if (fields.length === 0) return { action: 'none' };
  const fresh = seen.containers.length === 0 && seen.record === undefined;
  const strongest = CAUSES.find(([verb]) => due.some(({ to }) => to === verb));
  return {
    action: fresh ? 'create' : 'update',
    cause: fresh ? 'create' : (strongest?.[1] ?? 'content differs'),
    fields,
    ...notes(bundle, seen, due),
  };
}

function fileFields(bundle: Bundle, seen: Observed): readonly FieldChange[] {
  const wanted = bundle.files.flatMap((file): readonly FieldChange[] => {
    const found = seen.files.get(file.name);
    if (found?.sha !== file.sha) return [{ field: file.name, from: found?.shown, to: shownContent(file.content) }];
    return [
      { field: `${file.name} mode`, from: found.mode, to: file.mode },
      { field: `${file.name} owner`, from: found.owner, to: file.owner },
    ].filter(({ from, to }) => from !== to);
  });
  return [...wanted, ...goneFields(seen, new Set(bundle.files.map(({ name }) => name)))];
}

/** Files that hadeploy wrote, that are there, and that are no longer declared. */
function goneFields(seen: Observed, declared: ReadonlySet<string>): readonly FieldChange[] {
  return Object.keys(seen.record?.files ?? {})
    .filter((name) => !declared.has(name) && seen.files.has(name))
    .sort()
    .map((name) => ({ field: name, from: seen.files.get(name)!.shown, to: undefined }));
}

function imageFields(bundle: Bundle, seen: Observed, { brought }: Circumstances): readonly FieldChange[] {
  if (seen.settled || rested(seen)) return [];
  return [...new Set(bundle.compose.services.map(({ image }) => image))].flatMap((image): readonly FieldChange[] => {
    const [from, id] = [seen.images.get(image), bundle.former?.images[image]];
    if (from !== undefined && (id === undefined || id === from)) return [];
    if (id === undefined && brought?.has(`image ${image}`)) return [];
    return [{ field: `image ${image}`, from, to: id ?? 'pulled' }];
  });
}

function notes(bundle: Bundle, seen: Observed, due: readonly Verdict[]): { readonly notes?: readonly string[] } {
  const declared = bundle.files.map(({ name }) => name);
  const ours = new Set([...declared, ...Object.keys(seen.record?.files ?? {}), RECORD]);
  const strangers = seen.found.filter((name) => !ours.has(name));
  const later = bundle.compose.services.filter(
    ({ name, image }) =>
      bundle.care(name).check !== undefined && !seen.images.has(image) && due.some(({ service }) => service === name),
  );
  const all = [
    ...due.flatMap(({ service, to, why }) => (why === undefined ? [] : [`${service} is ${to}: ${why}.`])),
    ...(seen.settled ? [] : later).map(
      ({ name, image }) => `The files of ${name} are checked after ${image} was pulled, before anything is touched.`,
    ),
    ...(strangers.length === 0 ? [] : [`Left alone, not written by hadeploy: ${few(strangers)}.`]),
  ];
  return all.length === 0 ? {} : { notes: all };
}

function few(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

function diffRemains(project: string, seen: Observed): Change {
  if (rested(seen)) {
    const why = 'The docker daemon does not run, so its containers would stay.';
    const mend = 'Start docker (`systemctl start docker`), then run the same command again.';
    return { action: 'blocked', what: `The bundle ${project} cannot be removed.`, why, mend };
  }
  const services = [...new Set(seen.containers.map(({ service }) => service))].sort();
  const known = new Set(Object.keys(seen.record?.files ?? {}));
  const fields: FieldChange[] = [
    ...services.map((name) => ({ field: `service ${name}`, from: stateOf(seen, name), to: undefined })),
    ...[...seen.files]
      .filter(([name]) => known.has(name))
      .map(([name, file]) => ({ field: name, from: file.shown, to: undefined })),
  ];
  if (fields.length === 0 && seen.record === undefined) return { action: 'none' };
  // A run that broke off before the first file landed leaves nothing but its record.
  if (fields.length === 0) fields.push({ field: RECORD, from: 'there', to: undefined });
  return { action: 'delete', cause: 'no longer wanted', fields, notes: ['Its volumes are kept.'] };
}

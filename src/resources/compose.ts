import { check, checkedServices } from './compose/check.ts';
import { diff, fieldTells } from './compose/diff.ts';
import { formerBundle } from './compose/former.ts';
import { type Observed, parse } from './compose/observed.ts';
import { probe } from './compose/probe.ts';
import { refuse } from './compose/refuse.ts';
import { type ComposeSpec, schema } from './compose/schema.ts';
import { apply } from './compose/steps.ts';
import { type Fault, isFault } from './fault.ts';
import type { Kind } from './kind.ts';

/** A bundle: a compose file, the configuration files its services mount, and their images. */
export const compose: Kind<ComposeSpec, Observed | Fault> = {
  name: 'compose',
  summary: 'A docker compose project with its configuration files and images; reloads when only files changed.',
  schema,
  refuse: (spec) => refuse(spec),
  id: (spec) => `compose:${spec.project}`,
  probe,
  parse,
  diff,
  tells: fieldTells,
  check: (spec, change, seen) => (seen === undefined || isFault(seen) ? undefined : check(spec, change, seen)),
  judges: (spec, change) => change.action !== 'delete' && checkedServices(spec, change).length > 0,
  apply: (spec, change, seen) => (seen === undefined || isFault(seen) ? [] : apply(spec, change, seen)),
  absent: ({ project, path }) => ({ project, path, state: 'absent' }),
  former(spec, seen) {
    if (seen === undefined || isFault(seen)) return { lost: seen?.fault ?? 'the host gave no answer' };
    return formerBundle(spec, seen);
  },
};

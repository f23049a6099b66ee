import type { Operation } from '../../evaluate/environment.ts';
import { CHOICE_FILTERS } from './choice.ts';
import { COMBINATION_FILTERS } from './combinations.ts';
import { DICT_FILTERS } from './dicts.ts';
import { DIGEST_FILTERS } from './digest.ts';
import { JSON_FILTERS } from './json.ts';
import { LIST_FILTERS } from './lists.ts';
import { NUMBER_FILTERS } from './numbers.ts';
import { PATH_FILTERS } from './paths.ts';
import { REGEX_FILTERS } from './regex.ts';
import { SET_FILTERS } from './sets.ts';
import { SHELL_FILTERS } from './shell.ts';
import { TEXT_FILTERS } from './text.ts';
import { YAML_FILTERS } from './yaml.ts';

/** All filters this room has, by name. */
export const FILTERS: ReadonlyMap<string, Operation> = new Map(
  [
    CHOICE_FILTERS,
    COMBINATION_FILTERS,
    DICT_FILTERS,
    DIGEST_FILTERS,
    JSON_FILTERS,
    LIST_FILTERS,
    NUMBER_FILTERS,
    PATH_FILTERS,
    REGEX_FILTERS,
    SET_FILTERS,
    SHELL_FILTERS,
    TEXT_FILTERS,
    YAML_FILTERS,
  ].flatMap((filters) => Object.entries(filters)),
);

const CHANCE = 'It would give another result each time.';
const DISK = 'A template reads no disk, so that it gives the same result everywhere.';

/** Filters that others have and this room refuses, each with the reason. */
export const REFUSED_FILTERS: ReadonlyMap<string, string> = new Map([
  ['random', CHANCE],
  ['shuffle', CHANCE],
  ['password_hash', `${CHANCE} Keep the hash itself in a variable.`],
  ['json_query', 'Use map, selectattr and the like, or an expression.'],
  ['expanduser', DISK],
  ['expandvars', DISK],
  ['fileglob', DISK],
  ['realpath', DISK],
  ['strftime', 'A template has no clock, so that it gives the same result at any time.'],
  ['to_datetime', 'Values have no dates; keep them as text.'],
  ['urlize', 'It makes HTML pages, which nothing here serves.'],
  ['xmlattr', 'It makes HTML pages, which nothing here serves.'],
  ['vault', 'Secrets are not made in templates.'],
  ['unvault', 'Secrets are not read in templates.'],
]);

import type { RoleUse, Search } from './playbook.ts';
import type { Reading } from './reading.ts';
import { scanTemplates } from './scan-templates.ts';
import { itemsOf, type Written } from './written.ts';

/** What items have from what is around them. */
export interface Around {
  readonly tags: readonly string[];
  readonly notify: readonly Written[];
  readonly become: boolean | undefined;
  readonly runOnce: boolean;
  readonly noLog: boolean;
  readonly role?: RoleUse;
  readonly search: Search;
  /** The files of tasks that are being read, outermost first. */
  readonly files: readonly string[];
}

/** What the items of an entry have: what it says itself, over what is around it. */
export function inner(reading: Reading, entry: Written, around: Around): Around {
  const value = entry.value as Readonly<Record<string, unknown>>;
  const notify = itemsOf(entry, 'notify');
  for (const one of notify) scanTemplates(reading, one);
  return {
    ...around,
    tags: [...new Set([...around.tags, ...tagsOf(entry)])],
    notify: [...around.notify, ...notify],
    become: (value['become'] as boolean | undefined) ?? around.become,
    runOnce: (value['run_once'] as boolean | undefined) ?? around.runOnce,
    noLog: (value['no_log'] as boolean | undefined) ?? around.noLog,
  };
}

/** The tags of an entry; one text may hold several, separated by commas. */
export function tagsOf(entry: Written): readonly string[] {
  return itemsOf(entry, 'tags').flatMap((one) =>
    String(one.value)
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  );
}

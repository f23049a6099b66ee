/** One level of variables: what is written there loses to every level after it. */
export interface Level {
  readonly name: LevelName;
  readonly where: string;
}

export type LevelName =
  | 'role defaults'
  | 'inventory'
  | 'play vars_files'
  | 'play vars'
  | 'role vars'
  | 'task vars'
  | 'extra vars';

/** The whole precedence of variables, weakest first. */
export const levels: readonly Level[] = [
  { name: 'role defaults', where: '`defaults/main.yml` of the role' },
  {
    name: 'inventory',
    where: 'groups from `all` inwards, then the host (files of `group_vars/` and `host_vars/` included)',
  },
  { name: 'play vars_files', where: '`vars_files:` of the play, a later file over an earlier one' },
  { name: 'play vars', where: '`vars:` of the play, then of the `import_playbook` that brings it in' },
  { name: 'role vars', where: '`vars/main.yml` of the role, then `vars:` where the play lists the role' },
  { name: 'task vars', where: '`vars:` of blocks and tasks, the innermost last; the variable of a `loop`' },
  { name: 'extra vars', where: '`-e` on the command line' },
];

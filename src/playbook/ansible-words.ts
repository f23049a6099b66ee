/** Why a word that Ansible knows is not one of hadeploy's, and what to write for it. */
export interface Foreign {
  readonly why: string;
  readonly mend: string;
}

const exactness =
  'A plan shows the values that will result, so nothing may depend on what a task brings to light midway.';
const command = 'Say when the command is needed with the keys of `command` itself (see `hadeploy explain command`).';
const gate = 'Add a task of the kind `http`: it waits for a status, a text or a JSON value, with a timeout.';
const roles = 'List the role under `roles:` of the play, or give it a play of its own.';

/** Words of Ansible that stand beside a task's kind or in a play. */
export const foreignKeys: Readonly<Record<string, Foreign>> = {
  register: {
    why: `hadeploy has no \`register\`. ${exactness}`,
    mend: 'Declare a read-only probe under `facts:` of the play and use `facts.NAME`.',
  },
  set_fact: {
    why: `hadeploy has no \`set_fact\`. ${exactness}`,
    mend: 'Write it under `vars:` of the play, block or task; variables may refer to variables and facts.',
  },
  become_user: {
    why: 'hadeploy changes hosts as root (`become: true`) or as the login user.',
    mend: 'Take `become_user` out; give files their owner with `owner:`.',
  },
  become_method: { why: 'hadeploy becomes root through sudo.', mend: 'Take `become_method` out.' },
  become_flags: { why: 'hadeploy becomes root through sudo, with no further flags.', mend: 'Take `become_flags` out.' },
  remote_user: { why: 'The login belongs to the host.', mend: 'Set `ansible_user` (or `user`) in the inventory.' },
  connection: { why: 'hadeploy reaches every host over SSH.', mend: 'Take `connection` out.' },
  delegate_to: {
    why: 'A task changes the host it runs for, so that the plan of a host is the whole truth about it.',
    mend: 'Write a play whose `hosts:` is that host. Commands in `drain:` of a roll and handlers may have `delegate_to`; the kind `http` can ask from another host with `from:`.',
  },
  delegate_facts: { why: 'Facts belong to the host they were asked of.', mend: 'Take `delegate_facts` out.' },
  local_action: {
    why: 'hadeploy changes only the hosts of the inventory.',
    mend: 'Do it before, outside of the playbook.',
  },
  ignore_errors: {
    why: 'A run that goes on after a failure ends in a state no plan showed.',
    mend: 'Take it out, and say with `when:` where the task does not apply. Only what is delegated to another host may have it.',
  },
  ignore_unreachable: {
    why: 'A host that cannot be reached fails on its own; the others go on within the limits of the play.',
    mend: 'Take it out; choose hosts with `--limit`.',
  },
  changed_when: { why: 'Whether something changes is known before it runs, from a look at the host.', mend: command },
  failed_when: { why: 'Success is what a second look at the host says.', mend: command },
  check_mode: { why: 'A dry run never changes a host; no task can choose otherwise.', mend: 'Take `check_mode` out.' },
  diff: {
    why: 'Whether diffs are shown is chosen on the command line.',
    mend: 'Take `diff` out; hide values with `no_log: true`.',
  },
  with_items: { why: 'hadeploy repeats tasks with `loop`.', mend: 'Write `loop:` instead of `with_items:`.' },
  with_list: { why: 'hadeploy repeats tasks with `loop`.', mend: 'Write `loop:` instead of `with_list:`.' },
  with_dict: { why: 'hadeploy repeats tasks with `loop`.', mend: 'Write `loop: "{{ THE_DICT | dict2items }}"`.' },
  with_fileglob: { why: 'hadeploy repeats tasks with `loop`.', mend: `Write \`loop: "{{ fileglob('PATTERN') }}"\`.` },
  with_sequence: { why: 'hadeploy repeats tasks with `loop`.', mend: 'Write `loop: "{{ range(1, 4) | list }}"`.' },
  with_together: { why: 'hadeploy repeats tasks with `loop`.', mend: 'Write `loop: "{{ A | zip(B) | list }}"`.' },
  with_nested: { why: 'hadeploy repeats tasks with `loop`.', mend: 'Write `loop: "{{ A | product(B) | list }}"`.' },
  with_subelements: { why: 'hadeploy repeats tasks with `loop`.', mend: 'Build the list in `vars:` and loop over it.' },
  until: { why: 'hadeploy waits at gates, not by repeating tasks.', mend: gate },
  retries: { why: 'hadeploy waits at gates, not by repeating tasks.', mend: gate },
  delay: { why: 'hadeploy waits at gates, not by repeating tasks.', mend: gate },
  async: { why: 'Every task is finished when the next one starts.', mend: 'Take `async` and `poll` out.' },
  poll: { why: 'Every task is finished when the next one starts.', mend: 'Take `async` and `poll` out.' },
  environment: {
    why: 'Commands get the environment that they state.',
    mend: 'Set it in the command itself: `env NAME=value program`.',
  },
  args: { why: 'The parameters of a task stand under its kind.', mend: 'Move them below the kind, as its keys.' },
  action: { why: 'The kind of a task is its own key.', mend: 'Write the kind as the key: `file:`, `service:`, ….' },
  rescue: {
    why: 'A failed step stops its host, and hadeploy says in which state it left it.',
    mend: 'Take `rescue` out; use gates (`http`) and `serial` to stop a bad change early.',
  },
  always: {
    why: 'A failed step stops its host; there is nothing to run after a failure.',
    mend: 'Move these tasks behind the block.',
  },
  listen: { why: 'Only handlers listen.', mend: 'Move the task to `handlers:`, or take `listen` out.' },
  throttle: { why: 'How many hosts change at a time is said by the play.', mend: 'Set `serial:` on the play.' },
  any_errors_fatal: { why: 'A failure in a batch always stops the batches after it.', mend: 'Take it out.' },
  max_fail_percentage: {
    why: 'A failure in a batch always stops the batches after it.',
    mend: 'Take it out; choose `serial:`.',
  },
  gather_facts: {
    why: 'Facts are cheap here: each host is asked once, in the conversation that greets it.',
    mend: 'Take `gather_facts` out.',
  },
  gather_subset: { why: 'All facts are asked in one script.', mend: 'Take `gather_subset` out.' },
  strategy: {
    why: 'Each host of a batch goes through its tasks on its own; batches follow one another.',
    mend: 'Take `strategy` out; use `serial:` for how many hosts at a time.',
  },
  vars_prompt: { why: 'A run asks no questions about its input.', mend: 'Pass the value with `-e NAME=VALUE`.' },
  module_defaults: { why: 'Each task says what it wants.', mend: 'Use variables for what tasks have in common.' },
  collections: { why: 'The kinds of resources are built in (`hadeploy explain`).', mend: 'Take `collections` out.' },
  force_handlers: {
    why: 'A handler whose change was made is remembered, and runs with the next run if this one is cut short.',
    mend: 'Take `force_handlers` out.',
  },
  debugger: { why: 'A run shows its plan beforehand.', mend: 'Take `debugger` out; read `hadeploy plan --diff`.' },
  timeout: { why: 'Kinds that wait have a timeout of their own.', mend: 'Set it among the keys of the kind.' },
  port: {
    why: 'The way to a host belongs to the inventory.',
    mend: 'Set `ansible_port` (or `port`) in the inventory.',
  },
};

/** Modules of Ansible, by short name, for which hadeploy has another word. */
export const foreignKinds: Readonly<Record<string, Foreign>> = {
  copy: {
    why: 'Files are of the kind `file`.',
    mend: 'Write `file:` with `source:` (or `content:`), and `path:` for `dest:`.',
  },
  template: {
    why: 'Files are of the kind `file`.',
    mend: 'Write `file:` with `template:` for `src:`, and `path:` for `dest:`.',
  },
  lineinfile: {
    why: 'hadeploy owns whole files, so that the plan knows every byte.',
    mend: 'Write the whole `file:`; most programs read a folder of small files (`….d/`).',
  },
  blockinfile: {
    why: 'hadeploy owns whole files, so that the plan knows every byte.',
    mend: 'Write the whole `file:`; most programs read a folder of small files (`….d/`).',
  },
  replace: { why: 'hadeploy owns whole files, so that the plan knows every byte.', mend: 'Write the whole `file:`.' },
  systemd: { why: 'Services are of the kind `service`.', mend: 'Write `service:`.' },
  systemd_service: { why: 'Services are of the kind `service`.', mend: 'Write `service:`.' },
  apt: { why: 'Packages are of the kind `package`.', mend: 'Write `package:`.' },
  yum: { why: 'Packages are of the kind `package`.', mend: 'Write `package:`.' },
  dnf: { why: 'Packages are of the kind `package`.', mend: 'Write `package:`.' },
  apk: { why: 'Packages are of the kind `package`.', mend: 'Write `package:`.' },
  shell: { why: 'Commands are of the kind `command`, which runs in a shell.', mend: 'Write `command:`.' },
  raw: { why: 'Commands are of the kind `command`, which runs in a shell.', mend: 'Write `command:`.' },
  script: { why: 'Commands are of the kind `command`, which runs in a shell.', mend: 'Write `command:`.' },
  docker_compose: { why: 'Compose projects are of the kind `compose`.', mend: 'Write `compose:`.' },
  docker_compose_v2: { why: 'Compose projects are of the kind `compose`.', mend: 'Write `compose:`.' },
  docker_container: { why: 'Containers belong to a compose project.', mend: 'Write `compose:`.' },
  iptables: {
    why: 'hadeploy owns a chain completely, rules and order, and changes it in one go.',
    mend: 'Write `iptables_chain:` with all rules of the chain.',
  },
  uri: { why: 'Questions over HTTP are gates of the kind `http`.', mend: 'Write `http:`.' },
  wait_for: { why: 'Waiting is done at gates of the kind `http`.', mend: 'Write `http:`.' },
  wait_for_connection: { why: 'A run begins with a conversation with every host.', mend: 'Take the task out.' },
  pause: { why: 'Waiting is done at gates of the kind `http`, never by the clock.', mend: 'Write `http:`.' },
  debug: {
    why: 'A plan shows every value that will be set.',
    mend: 'Take it out; read `hadeploy plan --diff`, or `hadeploy explain var NAME --host HOST`.',
  },
  fail: {
    why: 'What a role demands of its variables is said once, and checked before a host is asked.',
    mend: 'Describe the variables in `variables.yml` of the role.',
  },
  assert: {
    why: 'What a role demands of its variables is said once, and checked before a host is asked.',
    mend: 'Describe the variables in `variables.yml` of the role.',
  },
  set_fact: foreignKeys['set_fact']!,
  setup: { why: 'Facts are asked of every host, once.', mend: 'Take the task out; use `facts.NAME`.' },
  stat: {
    why: `What is on a host is known before the plan. ${exactness}`,
    mend: 'Declare a read-only probe under `facts:` of the play and use `facts.NAME`.',
  },
  slurp: {
    why: `What is on a host is known before the plan. ${exactness}`,
    mend: 'Declare a read-only probe under `facts:` of the play and use `facts.NAME`.',
  },
  import_role: { why: 'Roles are listed by plays.', mend: roles },
  include_role: { why: 'Roles are listed by plays.', mend: roles },
  include_tasks: {
    why: 'Every task is known before the run.',
    mend: 'Write `import_tasks:`; with `when:` it may not apply.',
  },
  include: {
    why: 'Every task is known before the run.',
    mend: 'Write `import_tasks:`, or `import_playbook:` in place of a play.',
  },
  include_vars: { why: 'Variables are known before the run.', mend: 'Write `vars_files:` on the play.' },
  meta: { why: 'Handlers run at the end of their play.', mend: 'Split the play where handlers must have run.' },
  group: { why: 'Groups come with the kind `user`.', mend: 'Write `user:` with `groups:`.' },
  unarchive: { why: 'hadeploy owns files, not archives.', mend: 'Write `package:`, `file:` or `compose:`.' },
  get_url: {
    why: 'A plan shows the bytes that will be written.',
    mend: 'Keep the file in the project and write `file:` with `source:`.',
  },
};

/** The short name of a module: `copy` of `ansible.builtin.copy` and of `copy`. */
export function shortName(word: string): string {
  return /^[a-z_]+\.[a-z_]+\.([a-z0-9_]+)$/.exec(word)?.[1] ?? word;
}

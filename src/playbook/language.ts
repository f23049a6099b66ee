import { factTypes } from './facts.ts';

/** A JSON Schema of one part of the language: it validates what users write and tells editors about it. */
export type PartSchema = { readonly properties: Readonly<Record<string, object>> } & Readonly<Record<string, unknown>>;

const words = (description: string, ...examples: unknown[]) => ({
  description,
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', items: { type: 'string', minLength: 1 } },
  ],
  examples,
});

const name = (description: string, example: string) => ({
  description,
  type: 'string',
  minLength: 1,
  examples: [example],
});

const flag = (description: string) => ({ description, type: 'boolean', examples: [true] });

const vars = (description: string) => ({
  description,
  type: 'object',
  propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  examples: [{ http_port: 8080 }],
});

const tasks = (description: string) => ({
  description,
  type: 'array',
  items: { type: 'object', minProperties: 1 },
  examples: [[{ name: 'Docker runs', service: { name: 'docker', state: 'started' } }]],
});

const gates = (description: string) => ({
  ...tasks(description),
  examples: [[{ name: 'It is ready', http: { url: 'http://127.0.0.1:9090/-/ready' } }]],
});

const when = {
  description: 'Expression without braces, or a list of them that must all hold.',
  anyOf: [{ type: ['string', 'boolean'] }, { type: 'array', items: { type: ['string', 'boolean'] } }],
  examples: ["facts.os_id == 'debian'"],
};

/** What a command has that another host does for this one. */
const delegation = {
  delegate_to: words(
    'Host of the inventory that does the command in place of this one, be it in the run or not; of a list, the first that can be reached and does it. For commands in `drain` and handlers.',
    'mon-b',
    ['mon-a', 'mon-b'],
  ),
  ignore_errors: flag('With `delegate_to`: that none of these hosts did it is told, and stops nothing.'),
};

const become = flag('Whether it is done as root through sudo.');
const tags = words('Names by which `--tags` and `--skip-tags` choose; `always` and `never` as in Ansible.', ['config']);

/** What tasks, blocks, imports and handlers have in common. */
const shared = {
  name: name('What the task is for, as plans and errors show it.', 'Docker is installed'),
  when,
  tags,
  vars: vars('Variables of this task or block.'),
  become,
  notify: words(
    'Handlers (by name, or by what they listen to) that run at the end of the play if this changes anything.',
    'Reload',
  ),
  run_once: flag('Only on the first host of the play.'),
  no_log: flag('Hides the values of this task wherever a plan or an error would show them.'),
};

/** A play. */
export const playSchema: PartSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['hosts'],
  properties: {
    name: name('What the play is for.', 'Monitoring servers'),
    hosts: words('Pattern, or a list of patterns: groups, hosts, `*`, `~regex`, `a:&b`, `a:!b`.', 'monitoring'),
    serial: {
      description:
        'How many hosts change at a time: a number, a percentage, or a list of them of which the last repeats.',
      anyOf: [{ type: ['integer', 'string'] }, { type: 'array', minItems: 1, items: { type: ['integer', 'string'] } }],
      examples: [1, '30%', [1, '50%']],
    },
    roll: {
      description:
        'Changes members of redundant groups one at a time, each only while the others of its group are proved well. The tasks of the play are done once for each member.',
      type: 'object',
      additionalProperties: false,
      required: ['members', 'proof'],
      properties: {
        members: {
          description:
            'The members on a host: a list, or an expression that gives one, of mappings with `name` and `cell`.',
          type: ['array', 'string'],
          examples: ['{{ scraper_instances }}'],
        },
        member_var: name('Name of the variable that holds the member; `member` when not given.', 'scraper'),
        rank: {
          description: 'Number of a member, or an expression for it; lower ones change first, 0 when not given.',
          type: ['integer', 'string'],
          examples: ['{{ 1 if gateway.vip in facts.addresses else 0 }}'],
        },
        first_rank: {
          description:
            'The same where nothing is there of a cell, so that nothing can go dark: members of one rank are then made at once, undrained, and proved once all are made; a cell whose members differ in it is made one member after the other. As `rank` when not given.',
          type: ['integer', 'string'],
          examples: [0],
        },
        drain: tasks('Handlers that run before the first change of a member; those they notify run on every way out.'),
        proof: {
          ...gates(
            'Gates that hold while a member does its work, the first one as long as it does anything at all: asked of the others before it changes, and of itself after.',
          ),
          minItems: 1,
        },
        together: gates('Gates that hold besides while no member of its cell fails its own proof.'),
        coverage: gates('Gates that the other members of its cell must pass as well before a member changes.'),
      },
      examples: [
        {
          members: '{{ scraper_instances }}',
          member_var: 'scraper',
          proof: [{ name: 'It is ready', http: { url: 'http://127.0.0.1:{{ scraper.port }}/-/ready' } }],
        },
      ],
    },
    with_next: {
      description:
        'Where the next play makes members at once, of whose cells nothing is there, this play (of a roll: what it makes so) is done at the same time: neither needs the other.',
      type: 'boolean',
      examples: [true],
    },
    order: {
      description: 'In which order the hosts change; that of the inventory when not given.',
      enum: ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted'],
      examples: ['sorted'],
    },
    become,
    vars: vars('Variables of the play.'),
    vars_files: words('Files of variables, beside the playbook; a later one wins.', ['vars/ports.yml']),
    facts: {
      description: 'Read-only probes whose results the play uses as `facts.NAME`.',
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['command'],
        properties: {
          command: name('Shell command that changes nothing and prints the value.', 'stat -c %s /var/lib/app/data'),
          type: { description: 'What it prints; text when not given.', enum: factTypes, examples: ['int'] },
        },
      },
      examples: [{ data_gib: { command: 'df --output=size -BG / | tail -1 | tr -dc 0-9', type: 'int' } }],
    },
    roles: {
      description: 'Roles in their order, by name or with variables.',
      type: 'array',
      items: { type: ['string', 'object'] },
      examples: [['base', { role: 'web', vars: { port: 8080 } }]],
    },
    pre_tasks: tasks('Tasks before the roles.'),
    tasks: tasks('Tasks after the roles.'),
    post_tasks: tasks('Tasks after `tasks`.'),
    handlers: tasks('Tasks that run at the end of the play, when a change notified them.'),
    tags,
  },
};

/** An entry of a playbook that stands for the plays of another file. */
export const importPlaybookSchema: PartSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['import_playbook'],
  properties: {
    name: name('What the plays are for.', 'Alerting'),
    import_playbook: name('Path of the other playbook, from this one.', 'alerting.yml'),
    tags,
    vars: vars('Variables of all its plays.'),
  },
};

/** A task without its kind, which is one more key. */
export const taskSchema: PartSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...shared,
    loop: {
      description:
        'Repeats the task for each value of a list, or of an expression that gives one; the value is `item`.',
      type: ['array', 'string'],
      examples: [['alpha', 'beta'], '{{ users }}'],
    },
    loop_control: {
      description: 'Names for the parts of a loop.',
      type: 'object',
      additionalProperties: false,
      properties: {
        loop_var: name('Name of the variable that holds the value; `item` when not given.', 'user'),
        index_var: name('Name of a variable that holds the position, from 0.', 'position'),
        label: name('What is shown for each value.', '{{ item.name }}'),
      },
      examples: [{ loop_var: 'user' }],
    },
  },
};

/** A task that comes before the first change of a member, without its kind. */
export const drainSchema: PartSchema = { ...taskSchema, properties: { ...taskSchema.properties, ...delegation } };

/** A handler without its kind: a task that waits to be notified. */
export const handlerSchema: PartSchema = {
  ...taskSchema,
  required: ['name'],
  properties: {
    ...drainSchema.properties,
    listen: words('Further names by which it is notified.', 'configuration changed'),
  },
};

/** Tasks with something in common. */
export const blockSchema: PartSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['block'],
  properties: { ...shared, block: tasks('The tasks of the block.') },
};

/** Tasks from another file, read before anything runs. */
export const importTasksSchema: PartSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['import_tasks'],
  properties: {
    ...shared,
    import_tasks: name('Path of a file of tasks, from the file this stands in.', 'install.yml'),
  },
};

/** A role where a play lists it. */
export const roleEntrySchema: PartSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['role'],
  properties: {
    role: name('Name of the role: a folder below `roles/`.', 'web'),
    vars: vars('Variables for this use of the role.'),
    tags,
    when,
    become,
  },
};

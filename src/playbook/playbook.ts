import type { Place } from '../diagnostics/diagnostic.ts';
import type { Project } from '../diagnostics/project.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { DeclaredFact } from './facts.ts';
import type { LevelName } from './precedence.ts';
import type { BatchSize } from './serial.ts';
import type { Templates } from './templates.ts';
import type { Written } from './written.ts';

/** A playbook as it was written, every file it names read, nothing filled in. */
export interface Playbook {
  readonly path: string;
  readonly project: Project;
  readonly kinds: ReadonlyMap<string, AnyKind>;
  /** Every template that was read, parsed once. */
  readonly templates: Templates;
  readonly plays: readonly Play[];
}

/** A variable as it was written at one level of precedence. */
export interface Source extends Written {
  readonly level: LevelName;
}

export type Vars = ReadonlyMap<string, Source>;

export interface Play {
  readonly name: string;
  readonly at: Place;
  /** Folder of the file the play stands in; its `files/`, `templates/` and `roles/` are looked at. */
  readonly folder: string;
  readonly search: Search;
  /** Every host of the pattern, in the order of the play. */
  readonly hosts: readonly string[];
  readonly sizes: readonly BatchSize[];
  /** Of `vars_files` and `vars`, the stronger one of each name. */
  readonly vars: Vars;
  readonly facts: readonly DeclaredFact[];
  readonly items: readonly Item[];
  readonly handlers: readonly HandlerTask[];
  readonly roll?: Roll;
  /** Whether it may be done at once with what the next play makes at once. */
  readonly withNext: boolean;
}

/** How a play goes through the members of redundant groups. */
export interface Roll {
  readonly at: Place;
  readonly members: Written;
  readonly variable: string;
  readonly rank: Written | undefined;
  /** The rank of a member where nothing is there of its cell. */
  readonly firstRank: Written | undefined;
  /** Done like handlers: due whenever a member changes. */
  readonly drain: readonly Task[];
  readonly proof: readonly Task[];
  readonly together: readonly Task[];
  readonly coverage: readonly Task[];
}

/** A condition: an expression, or a plain yes or no. */
export interface Condition extends Written {
  readonly value: string | boolean;
}

/** Where the files that a task names are looked for. */
export interface Search {
  readonly templates: readonly string[];
  readonly files: readonly string[];
}

export type Item = Block | Task;

/** Items with variables and conditions in common: a block, an imported file, or the use of a role. */
export interface Block {
  readonly is: 'block';
  readonly vars: Vars;
  readonly when: readonly Condition[];
  readonly role?: RoleUse;
  readonly items: readonly Item[];
}

/** What a task has from its own keys and from everything around it, where that does not depend on a host. */
export interface Task {
  readonly is: 'task';
  /** The user's name for it; undefined when it has none. */
  readonly name: Written | undefined;
  /** How it is called in a sentence: `The task "Docker runs"`. */
  readonly label: string;
  readonly at: Place;
  /** Whether it waits to be notified. */
  readonly handler: boolean;
  readonly kind: AnyKind;
  readonly args: Written;
  readonly loop?: Loop;
  readonly vars: Vars;
  readonly when: readonly Condition[];
  readonly tags: readonly string[];
  readonly notify: readonly Written[];
  readonly become: boolean | undefined;
  readonly runOnce: boolean;
  readonly noLog: boolean;
  /** Hosts that do it in place of the one it is for. */
  readonly delegate?: { readonly to: Written; readonly mayFail: boolean };
  readonly role?: RoleUse;
  readonly search: Search;
}

export interface Loop {
  readonly over: Written;
  readonly variable: string;
  readonly index?: string;
  readonly label?: Written;
}

/** A task that waits to be notified. */
export interface HandlerTask extends Task {
  readonly name: Written;
  readonly listen: readonly string[];
}

/** One use of a role by a play. */
export interface RoleUse {
  readonly role: Role;
  readonly at: Place;
  readonly search: Search;
  /** Of the role's own `vars/` and those of its entry. */
  readonly vars: Vars;
}

export interface Role {
  readonly name: string;
  readonly folder: string;
  readonly defaults: Vars;
  /** What the role demands of its variables, by name: JSON Schemas. */
  readonly rules: ReadonlyMap<string, VariableRule>;
}

export interface VariableRule {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly required: boolean;
  readonly at: Place;
}

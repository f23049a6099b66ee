import type { Diagnostic, Place } from '../../diagnostics/diagnostic.ts';
import type { Project } from '../../diagnostics/project.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Estate } from '../estate.ts';
import type { Topology } from '../topology.ts';

/** What rules look at: a topology, what follows from it, the hosts it speaks of and the files it names. */
export interface Survey {
  readonly topology: Topology;
  readonly estate: Estate;
  readonly inventory: Inventory;
  readonly project: Project;
}

/** What there is to say of a rule, whoever checks it; `hadeploy explain <code>` prints all of it. */
export interface RuleText {
  /** Permanent name, in kebab-case. */
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  /** The rule itself, as one sentence. */
  readonly title: string;
  /** What happens where it is broken. */
  readonly why: string;
  /** What to do, where a finding knows nothing better. */
  readonly mend: string;
  /** What else one may want to know: how it comes about, which figures it rests on. */
  readonly more: string;
}

/** One place where a rule is broken. */
export interface Finding {
  /** One sentence. */
  readonly what: string;
  readonly at: Place;
  readonly mend?: string;
}

/** A rule that files alone can break. */
export interface Rule extends RuleText {
  find(survey: Survey): readonly Finding[];
}

import type { Place } from '../fault.ts';

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** The arguments of a call, a filter or a test. */
export interface Arguments {
  readonly positional: readonly Expr[];
  readonly named: readonly (readonly [string, Expr])[];
}

/** An expression. */
export type Expr = { readonly place: Place } & (
  | { readonly kind: 'literal'; readonly value: null | boolean | string }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expr[] }
  | { readonly kind: 'tuple'; readonly items: readonly Expr[] }
  | { readonly kind: 'dict'; readonly pairs: readonly (readonly [Expr, Expr])[] }
  | { readonly kind: 'attribute'; readonly base: Expr; readonly name: string }
  | { readonly kind: 'item'; readonly base: Expr; readonly key: Expr }
  | {
      readonly kind: 'slice';
      readonly base: Expr;
      readonly start: Expr | undefined;
      readonly stop: Expr | undefined;
      readonly step: Expr | undefined;
    }
  | { readonly kind: 'call'; readonly callee: Expr; readonly args: Arguments }
  | { readonly kind: 'filter'; readonly input: Expr; readonly name: string; readonly args: Arguments }
  | {
      readonly kind: 'test';
      readonly input: Expr;
      readonly name: string;
      readonly args: Arguments;
      readonly negated: boolean;
    }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'join'; readonly parts: readonly Expr[] }
  | { readonly kind: 'compare'; readonly first: Expr; readonly rest: readonly (readonly [CompareOperator, Expr])[] }
  | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'unary'; readonly operator: 'not' | '-' | '+'; readonly value: Expr }
  | { readonly kind: 'choice'; readonly condition: Expr; readonly chosen: Expr; readonly otherwise: Expr | undefined }
);

/** What a value is assigned to: a name, an attribute of a namespace, or several of them. */
export type Target = { readonly place: Place } & (
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly base: string; readonly name: string }
  | { readonly kind: 'tuple'; readonly items: readonly Target[] }
);

/** A filter without its input, as in `{% filter upper %}`. */
export interface FilterStep {
  readonly place: Place;
  readonly name: string;
  readonly args: Arguments;
}

/** The parameters of a macro or of a call block, each with its default. */
export type Parameters = readonly { readonly name: string; readonly fallback: Expr | undefined }[];

export interface Branch {
  readonly condition: Expr;
  readonly body: Body;
}

/** A statement, or a piece of text. */
export type Node = { readonly place: Place } & (
  | { readonly kind: 'data'; readonly text: string }
  | { readonly kind: 'output'; readonly value: Expr }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: Body }
  | ForNode
  | { readonly kind: 'set'; readonly target: Target; readonly value: Expr }
  | {
      readonly kind: 'set-block';
      readonly target: Target;
      readonly filters: readonly FilterStep[];
      readonly body: Body;
    }
  | { readonly kind: 'with'; readonly bindings: readonly (readonly [Target, Expr])[]; readonly body: Body }
  | MacroNode
  | { readonly kind: 'call-block'; readonly params: Parameters; readonly call: Expr; readonly body: Body }
  | { readonly kind: 'filter-block'; readonly filters: readonly FilterStep[]; readonly body: Body }
  | {
      readonly kind: 'include';
      readonly template: Expr;
      readonly ignoreMissing: boolean;
      readonly withContext: boolean;
    }
  | { readonly kind: 'import'; readonly template: Expr; readonly target: string; readonly withContext: boolean }
  | {
      readonly kind: 'from-import';
      readonly template: Expr;
      readonly names: readonly (readonly [string, string])[];
      readonly withContext: boolean;
    }
  | { readonly kind: 'do'; readonly value: Expr }
  | { readonly kind: 'break' | 'continue' }
);

export interface ForNode {
  readonly kind: 'for';
  readonly target: Target;
  readonly items: Expr;
  readonly condition: Expr | undefined;
  readonly recursive: boolean;
  readonly body: Body;
  readonly otherwise: Body;
}

export interface MacroNode {
  readonly kind: 'macro';
  readonly name: string;
  readonly params: Parameters;
  readonly body: Body;
}

export type Body = readonly Node[];

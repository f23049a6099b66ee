import type { CompareOperator, Expr } from '../parse/ast.ts';
import { str } from '../python/python-text.ts';
import { negate, positive } from '../values/arithmetic.ts';
import { compare, contains, equals, isTrue } from '../values/compare.ts';
import { boundSize } from '../values/limits.ts';
import type { Val } from '../values/values.ts';
import { type Evaluate, prepare } from './evaluate-expression.ts';
import { operate } from './operators.ts';

/** `a < b <= c`: each part is evaluated once, and only as long as the ones before hold. */
export function prepareCompare(node: Extract<Expr, { kind: 'compare' }>): Evaluate {
  const first = prepare(node.first);
  const rest = node.rest.map(([operator, value]) => [operator, prepare(value)] as const);
  return (scope) => {
    let left = first(scope);
    for (const [operator, next] of rest) {
      const right = next(scope);
      scope.run.place = node.place;
      if (!holds(operator, left, right)) return false;
      left = right;
    }
    return true;
  };
}

function holds(operator: CompareOperator, left: Val, right: Val): boolean {
  switch (operator) {
    case '==':
      return equals(left, right);
    case '!=':
      return !equals(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    case '<':
      return compare(left, right, operator) < 0;
    case '<=':
      return compare(left, right, operator) <= 0;
    case '>':
      return compare(left, right, operator) > 0;
    case '>=':
      return compare(left, right, operator) >= 0;
  }
}

/** `and`, `or`: the value that decides. */
export function prepareLogic(node: Extract<Expr, { kind: 'logic' }>): Evaluate {
  const left = prepare(node.left);
  const right = prepare(node.right);
  return (scope) => {
    const first = left(scope);
    scope.run.place = node.left.place;
    return isTrue(first) === (node.operator === 'or') ? first : right(scope);
  };
}

/** `a + b` and the like. */
export function prepareBinary(node: Extract<Expr, { kind: 'binary' }>): Evaluate {
  const left = prepare(node.left);
  const right = prepare(node.right);
  return (scope) => {
    const first = left(scope);
    const second = right(scope);
    scope.run.place = node.place;
    return operate(node.operator, first, second);
  };
}

/** `not a`, `-a`, `+a`. */
export function prepareUnary(node: Extract<Expr, { kind: 'unary' }>): Evaluate {
  const value = prepare(node.value);
  return (scope) => {
    const operand = value(scope);
    scope.run.place = node.place;
    if (node.operator === 'not') return !isTrue(operand);
    return node.operator === '-' ? negate(operand) : positive(operand);
  };
}

/** `a ~ b`: the texts of both. */
export function prepareJoin(node: Extract<Expr, { kind: 'join' }>): Evaluate {
  const parts = node.parts.map(prepare);
  return (scope) => {
    const values = parts.map((part) => part(scope));
    scope.run.place = node.place;
    const text = values.map(str).join('');
    boundSize(text.length);
    return text;
  };
}

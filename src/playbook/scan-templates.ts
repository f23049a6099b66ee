import type { JinjaError } from '../jinja/jinja.ts';
import type { Reading } from './reading.ts';
import { insideScalar, refusalOf } from './template-faults.ts';
import { syntaxFault } from './templates.ts';
import { isMap, isTemplate, part, type Written } from './written.ts';

/** Reports every text of a value that is no sound template, whether or not any host will need it. */
export function scanTemplates(reading: Reading, source: Written): void {
  const { value } = source;
  if (typeof value === 'string') {
    if (isTemplate(value)) report(reading, source, syntaxFault(value, 'value', reading.templates));
  } else if (Array.isArray(value)) {
    for (const index of value.keys()) scanTemplates(reading, part(source, index));
  } else if (isMap(value)) {
    for (const key of Object.keys(value)) scanTemplates(reading, part(source, key));
  }
}

/** Reports a condition that is no sound expression. */
export function scanExpression(reading: Reading, source: Written): void {
  report(reading, source, syntaxFault(String(source.value), 'expression', reading.templates));
}

function report(reading: Reading, source: Written, error: JinjaError | undefined): void {
  if (!error) return;
  const refusal = refusalOf(
    error,
    (fault) => insideScalar(source, fault),
    () => [],
  );
  reading.faults.push(...refusal.diagnostics);
}

import type { Condition } from './playbook.ts';
import { type Reading, report } from './reading.ts';
import { scanExpression } from './scan-templates.ts';
import { isTemplate, itemsOf, type Written } from './written.ts';

/** The conditions of `when`; braces around an expression are refused, since they would be filled in twice. */
export function readWhen(reading: Reading, entry: Written): readonly Condition[] {
  const conditions = itemsOf(entry, 'when') as readonly Condition[];
  for (const one of conditions) {
    if (typeof one.value !== 'string') continue;
    if (isTemplate(one.value)) {
      report(reading, one, {
        code: 'template-in-when',
        what: '`when` takes an expression, not a template.',
        why: 'What stands in `when` is an expression already.',
        mend: `Write it without braces: when: ${one.value.replaceAll(/\{\{\s*|\s*\}\}/g, '')}`,
      });
    } else scanExpression(reading, one);
  }
  return conditions.filter((one) => typeof one.value === 'boolean' || !isTemplate(one.value));
}

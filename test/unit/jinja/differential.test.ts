import { describe, expect, it } from 'vitest';
import { JinjaError, parseTemplate } from '../../../src/jinja/jinja.ts';
import { CONTEXT, chanceFrom } from './chance.ts';
import { Generator } from './generate.ts';
import { formatExpression } from './generate-format.ts';
import { TEMPLATES, TemplateGenerator } from './generate-template.ts';
import { askOracle, type OracleAnswer, type OracleRequest, oracleMissing } from './oracle.ts';

const missing = oracleMissing();
if (missing !== undefined) console.warn(`Skipped: the comparison with the real Jinja2, because ${missing}.`);

/** The text, or that it is refused. Anything but a JinjaError is our own mistake and goes through. */
function render(request: OracleRequest): string {
  try {
    const loader = (name: string): string | undefined => TEMPLATES[name];
    const template = parseTemplate(request.source, { ...request.options, loader });
    return String(template.render({ lookup: (name) => CONTEXT[name] }));
  } catch (error) {
    if (error instanceof JinjaError) return 'refused';
    throw error;
  }
}

function differences(requests: readonly OracleRequest[]): string[] {
  const answers = askOracle(requests);
  return requests.flatMap((request, index) => {
    const [ours, theirs] = [render(request), textOf(answers[index]!)];
    return ours === theirs
      ? []
      : [`${request.source}\n  ours   ${ours}\n  theirs ${theirs} ${answers[index]?.message ?? ''}`];
  });
}

function textOf(answer: OracleAnswer): string {
  return answer.text ?? 'refused';
}

describe.skipIf(missing !== undefined)(
  `the same as the real Jinja2${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    it('in 4000 generated expressions', { timeout: 300_000 }, () => {
      const generator = new Generator(chanceFrom(20260101));
      const requests = Array.from({ length: 4000 }, (_, index) => ({
        source: `{{ ${generator.expression('any', 1 + (index % 3))} }}`,
        context: CONTEXT,
      }));
      expect(differences(requests)).toEqual([]);
    });

    it('in 3000 generated formats and conversions of numbers', { timeout: 300_000 }, () => {
      const chance = chanceFrom(20260103);
      const requests = Array.from({ length: 3000 }, () => ({
        source: `{{ ${formatExpression(chance)} }}`,
        context: CONTEXT,
      }));
      expect(differences(requests)).toEqual([]);
    });

    it('in 1000 generated templates', { timeout: 300_000 }, () => {
      const chance = chanceFrom(20260102);
      const generator = new TemplateGenerator(chance);
      const requests = Array.from({ length: 1000 }, () => ({
        source: generator.template(),
        context: CONTEXT,
        templates: TEMPLATES,
        options: { trimBlocks: chance(2) === 0, lstripBlocks: chance(2) === 0, keepTrailingNewline: chance(2) === 0 },
      }));
      expect(differences(requests)).toEqual([]);
    });
  },
);

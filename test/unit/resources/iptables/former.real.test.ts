import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChainSpec, parentsOf, wantedRules } from '../../../../src/resources/iptables/chain-spec.ts';
import {
  chainFolder,
  chainPaths,
  keeperScript,
  removeChain,
  restoreText,
} from '../../../../src/resources/iptables/keeper.ts';
import { look, readLook } from '../../../../src/resources/iptables/look.ts';
import { putBack } from '../../../../src/resources/iptables/put-back.ts';
import { iptablesChain } from '../../../../src/resources/iptables-chain.ts';
import { unavailable, whole } from './real-iptables.ts';
import { anyRule } from './rule-generator.ts';

const reason = unavailable('iptables') ?? unavailable('ip6tables');

/** The command that brings a chain to a spec, its saved files in a folder of their own. */
function bring(spec: ChainSpec): string {
  const folder = mkdtempSync(join(tmpdir(), 'hadeploy-former-'));
  const at = (path: string) => path.replace(chainFolder, folder);
  const { rules: rules4, rules6: saved6, script } = chainPaths(spec.chain);
  const { rules, rules6 } = wantedRules(spec);
  const absent = spec.state === 'absent';
  writeFileSync(at(rules4), restoreText(spec.chain, rules));
  writeFileSync(at(saved6), restoreText(spec.chain, rules6));
  writeFileSync(
    at(script),
    absent ? removeChain(spec.chain).text : keeperScript(spec.chain, parentsOf(spec)).replaceAll(chainFolder, folder),
  );
  return `sh ${at(script)} || exit 9`;
}

/** The command with which a host by itself puts a chain back to what a look found. */
function restored(spec: ChainSpec, answer: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hadeploy-restored-'));
  const script = join(folder, 'undo');
  const text = putBack(spec, readLook(answer), []).text;
  writeFileSync(script, text.replaceAll(chainFolder, folder).replaceAll('/etc/systemd/system', folder));
  return `sh ${script} 2>/dev/null`;
}

/** What stands in the table after a story, in a network of its own, and what our look at it answers. */
function tell(story: readonly string[], spec: ChainSpec): { readonly tables: string; readonly answer: string } {
  const tables = `for t in iptables ip6tables; do $t-save -t filter | grep -w MINE | sed 's/ \\[.*//'; done`;
  const script = [...story, tables, 'echo LOOK', whole(look(spec))].join('\n');
  const told = spawnSync('unshare', ['-n', 'sh', '-s'], { input: script, encoding: 'utf8' });
  const [before, answer] = told.stdout.split('LOOK\n') as [string, string];
  return { tables: before, answer };
}

describe.skipIf(reason !== undefined)(`a chain put back${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('filters again exactly as it did, or is gone', () => {
    const parents = fc.constantFrom<ChainSpec['jump_from']>('INPUT', 'DOCKER-USER', ['INPUT', 'DOCKER-USER']);
    const rules = fc.array(anyRule(4), { maxLength: 5 });
    const specs = fc.record({ chain: fc.constant('MINE'), jump_from: parents, rules });
    fc.assert(
      fc.property(specs, fc.option(specs), (spec, before) => {
        const story = before === null ? [] : [bring(before as ChainSpec)];
        const was = tell(story, spec as ChainSpec);
        const former = iptablesChain.former!(spec as ChainSpec, readLook(was.answer));
        if (former === undefined || !('spec' in former)) throw new Error(JSON.stringify(former));
        const now = tell([...story, bring(spec as ChainSpec), bring(former.spec)], spec as ChainSpec);
        expect(now.tables).toBe(was.tables);
        const byItself = [...story, bring(spec as ChainSpec), restored(spec as ChainSpec, was.answer)];
        expect(tell(byItself, spec as ChainSpec).tables).toBe(was.tables);
      }),
      { numRuns: 15 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directory } from '../../../src/resources/directory.ts';
import { file } from '../../../src/resources/file.ts';
import { type ChainSpec, parentsOf, wantedRules } from '../../../src/resources/iptables/chain-spec.ts';
import { chainUnits } from '../../../src/resources/iptables/keeper.ts';
import { wantedFiles } from '../../../src/resources/iptables/kept.ts';
import type { SeenHost, SeenTable } from '../../../src/resources/iptables/look.ts';
import { iptablesChain } from '../../../src/resources/iptables-chain.ts';
import type { AnyKind, Former } from '../../../src/resources/kind.ts';
import { service } from '../../../src/resources/service.ts';
import { shownContent } from '../../../src/resources/shown-content.ts';
import { sysctl } from '../../../src/resources/sysctl.ts';
import { anyRule } from './iptables/rule-generator.ts';

const calm = { disturbed: false };

/** What a kind would still change once the host is as it was observed: nothing, for its former spec. */
function left(kind: AnyKind, spec: unknown, observed: unknown): unknown {
  const former = kind.former!(spec, observed) as Former<unknown>;
  if (!('spec' in former) || former.except !== undefined) return former;
  expect(kind.id(former.spec)).toBe(kind.id(spec));
  return kind.diff(former.spec, observed, calm);
}

/** For any spec, and anything that was observed of it, the former spec describes what was observed. */
function describes(kind: AnyKind, specs: fc.Arbitrary<unknown>, observations: fc.Arbitrary<unknown>): void {
  fc.assert(
    fc.property(specs, observations, (spec, observed) => {
      expect(left(kind, spec, observed)).toEqual({ action: 'none' });
    }),
  );
}

const mode = fc.integer({ min: 0, max: 0o7777 }).map((bits) => bits.toString(8).padStart(4, '0'));
const owner = fc.constantFrom('root:root', 'nobody:nogroup', '65534:65534', 'root:1000');
const absentOr = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined });

describe('the former spec of', () => {
  it('a file: its bytes, owner and mode, or nothing', () => {
    const seen = fc.record({ bytes: fc.uint8Array({ maxLength: 60 }), mode, owner });
    const specs = fc.record({ path: fc.constant('/etc/x'), content: fc.string(), validate: fc.constant('true %s') });
    describes(file, specs, absentOr(seen.map((one) => ({ type: 'file', content: shownContent(one.bytes), ...one }))));
  });

  it('a file that is longer than what is kept: there is none, and it says why', () => {
    const seen = { type: 'file', mode: '0644', owner: 'root:root', content: 'sha256:00' } as const;
    expect(file.former!({ path: '/x', content: '' }, seen)).toEqual({ lost: expect.stringContaining('1 MiB') });
  });

  it('a directory: owner and mode, or nothing', () => {
    const specs = fc.record({ path: fc.constant('/srv/x'), mode });
    describes(directory, specs, absentOr(fc.record({ type: fc.constant('directory'), mode, owner })));
  });

  it('a service: whether it ran and was enabled', () => {
    const specs = fc.record({
      name: fc.constant('x'),
      state: fc.constantFrom('started', 'stopped'),
      enabled: fc.boolean(),
    });
    const state = fc.constantFrom('started', 'stopped', 'failed');
    const enabled = fc.constantFrom(true, false, 'static' as const);
    const seen = fc.record({ state, enabled, masked: fc.constant(false), reloads: fc.boolean(), stale: fc.boolean() });
    describes(service, specs, absentOr(seen));
  });

  it('a service that was on its way, or a restart: there is none', () => {
    const seen = { state: 'activating', enabled: true, masked: false, reloads: true, stale: false };
    expect(service.former!({ name: 'x', state: 'started' }, seen)).toEqual({ lost: 'it was activating' });
    expect(service.former!({ name: 'x', state: 'restarted' }, seen)).toBeUndefined();
  });

  it('a kernel setting: its value and the text of its file, one without the other as well', () => {
    const specs = fc.record({ name: fc.constant('net.x'), value: fc.integer() });
    const some = absentOr(fc.string({ minLength: 1 }).filter((text) => !text.includes('\ufffd')));
    describes(sysctl, specs, absentOr(fc.record({ value: some, file: some })));
  });

  it('a chain: its rules and jumps, or nothing', () => {
    const parents = fc.constantFrom('INPUT', 'DOCKER-USER', ['INPUT', 'DOCKER-USER'], ['DOCKER-USER', 'INPUT']);
    const specs = fc.record({
      chain: fc.constant('MINE'),
      jump_from: parents,
      rules: fc.array(anyRule(4), { maxLength: 4 }),
    });
    const nothing: SeenHost = { ...empty, v4: table([], []), v6: table([], []) };
    fc.assert(
      fc.property(specs, fc.option(specs), fc.boolean(), (spec, before, ipv6) => {
        const seen = before === null ? nothing : placed(before as ChainSpec, ipv6);
        expect(left(iptablesChain, spec, seen)).toEqual({ action: 'none' });
      }),
    );
  });

  it('a chain that was tampered with: its rules, saying what will not be as it was', () => {
    const before = { chain: 'MINE', rules: ['-j DROP'] };
    const seen = placed(before as ChainSpec, true);
    const flushed = {
      ...seen,
      v4: table(
        [...seen.v4.chains],
        seen.v4.rules.filter(({ chain }) => chain !== 'MINE'),
      ),
    };
    expect(left(iptablesChain, before, flushed)).toMatchObject({
      spec: { rules: [] },
      except: 'unit (saved rules differ)',
    });
    const strange = {
      ...seen,
      v4: table([...seen.v4.chains], [...seen.v4.rules, { chain: 'MINE', text: '-m bpf -j DROP' }]),
    };
    expect(left(iptablesChain, before, strange)).toEqual({ lost: expect.stringContaining('hadeploy understands') });
  });
});

const empty: Omit<SeenHost, 'v4' | 'v6'> = {
  variant: 'nf_tables',
  files: new Map(),
  links: new Set(),
  kept: [],
  systemd: true,
  conntrack: true,
  armed: undefined,
  rival: false,
  docker: undefined,
};

function table(chains: readonly string[], rules: SeenTable['rules']): SeenTable {
  return { chains: new Set(chains), rules, foreign: false };
}

/** A host on which hadeploy has put a chain in place. */
function placed(spec: ChainSpec, ipv6: boolean): SeenHost {
  const { rules, rules6 } = wantedRules(spec);
  const parents = parentsOf(spec);
  const docker = parents.includes('DOCKER-USER') ? [{ chain: 'FORWARD', text: '-j DOCKER-USER' }] : [];
  const jumps = parents.map((chain) => ({ chain, text: '-j MINE' }));
  const own = (text: string) =>
    text.split('\n').flatMap((line) => (line === '' ? [] : [{ chain: 'MINE', text: line }]));
  return {
    ...empty,
    v4: table(['MINE', 'DOCKER-USER'], [...docker, ...jumps, ...own(rules)]),
    v6: ipv6 ? table(['MINE', 'DOCKER-USER'], [...docker, ...jumps, ...own(rules6)]) : undefined,
    files: wantedFiles(spec),
    links: new Set(chainUnits('MINE', parents).flatMap((unit) => unit.links)),
    kept: ['MINE'],
  };
}

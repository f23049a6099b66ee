import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { parse } from 'yaml';
import { nextOwnership, ownershipText } from '../../../src/plan/ownership.ts';
import { frame } from '../../../src/posix/frame.ts';
import { looksOf, Script } from '../../../src/posix/script.ts';
import { isDeed } from '../../../src/resources/change.ts';
import { kinds } from '../../../src/resources/index.ts';
import { beginRun, endRun, endStep } from '../../../src/run/journal/scripts.ts';
import { type HostStep, stepScript, stepsScript } from '../../../src/run/step-script.ts';
import { validate } from '../../../src/schema/validate.ts';
import { isLong, runs } from './mutations.ts';

/** What would be done if a text were taken for shell, in each of the ways to get there. A redirection needs no program. */
const payloads = [
  "'; >CANARY; '",
  '"; >CANARY; "',
  '$(>CANARY)',
  '`>CANARY`',
  '\n>CANARY\n',
  '; >CANARY #',
  '| >CANARY',
  '&& >CANARY',
  "'\n>CANARY\n'",
  '"$(>CANARY)"',
  "'\"'\"'; >CANARY; '",
  '\\\n>CANARY',
  ') ; >CANARY; (',
  '} ; >CANARY; {',
  'EOF\n>CANARY\nEOF',
  '-e >CANARY',
  '--; >CANARY',
  '${x:-$(>CANARY)}',
  '$((a[$(>CANARY)]))',
  'ü"\'`$(>CANARY)\u2028',
  '%s; >CANARY',
  '*; >CANARY',
] as const;

/** Fields that are shell by what they are: what the user writes there is to be run. */
const isShell = (kind: string, path: readonly string[]) =>
  path.some((key) => ['run', 'unless', 'onlyif', 'validate', 'check', 'reload', 'template', 'source'].includes(key)) ||
  kind === 'command';

interface Case {
  readonly spec: unknown;
  readonly reply?: unknown;
  readonly invalid?: string;
  readonly refused?: string;
}

const sound = [...kinds.values()].flatMap((kind) => {
  const table = new URL(`../resources/${kind.name}.cases.yml`, import.meta.url);
  if (!existsSync(table)) return [];
  const cases = parse(readFileSync(table, 'utf8')) as readonly Case[];
  return cases
    .filter(({ invalid, refused, spec }) => !invalid && !refused && typeof spec === 'object')
    .map(({ spec }) => ({ kind, spec }));
});

/** The value with one text in it replaced, or added to, by another. */
function poisoned(value: unknown, kind: string, pick: number, text: string, adds: boolean): unknown {
  const places: string[][] = [];
  const walk = (one: unknown, path: string[]): void => {
    if (typeof one === 'string') {
      if (!isShell(kind, path)) places.push(path);
    } else if (typeof one === 'object' && one !== null) {
      for (const [key, inner] of Object.entries(one)) walk(inner, [...path, key]);
    }
  };
  walk(value, []);
  const chosen = places[Math.floor(pick * places.length)]?.join('\0');
  const change = (one: unknown, path: string[]): unknown => {
    if (typeof one === 'string') return path.join('\0') === chosen ? `${adds ? one : ''}${text}` : one;
    if (Array.isArray(one)) return one.map((inner, index) => change(inner, [...path, String(index)]));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, change(inner, [...path, key])]));
  };
  return change(value, []);
}

let folder: string;
const programs = new Set<string>();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hadeploy-injection-'));
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'here'));
  if (process.getuid?.() === 0) chownSync(join(folder, 'here'), 65534, 65534);
  spawnSync('chmod', ['755', folder]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether a shell that runs this does what none of it says: every program succeeds and does nothing. */
function harmless(scripts: readonly Script[]): void {
  const looks = looksOf(scripts).map(({ about, ask }) => ask(about));
  const text = [...looks, ...scripts].map((one) => `( ${one.text}\n) </dev/null`).join('\n');
  for (const [name] of text.matchAll(/\b[a-z][a-z0-9_-]+\b/g)) {
    if (programs.has(name)) continue;
    programs.add(name);
    symlinkSync('/bin/true', join(folder, 'bin', name));
  }
  const canary = join(folder, 'here', 'CANARY');
  const root = process.getuid?.() === 0;
  spawnSync('/bin/sh', [], {
    input: text,
    cwd: join(folder, 'here'),
    env: { PATH: join(folder, 'bin') },
    timeout: 10_000,
    ...(root && { uid: 65534, gid: 65534 }),
  });
  if (!existsSync(canary)) return;
  rmSync(canary);
  throw new Error(`the canary was made by:\n${text}`);
}

const payload = fc.constantFrom(...payloads);

describe('a text is never taken for shell', { timeout: isLong ? 3_600_000 : 60_000 }, () => {
  it('by a shell that could be fooled', () => {
    let caught = false;
    try {
      harmless([Script.of("echo ''; >CANARY; ''")]);
    } catch {
      caught = true;
    }
    if (!caught) throw new Error('the canary cannot be seen');
  });

  it('in the probes, checks and steps of any kind', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...sound),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        payload,
        fc.boolean(),
        (one, pick, text, adds) => {
          const { kind } = one;
          const spec = poisoned(one.spec, kind.name, pick, text, adds);
          const valid = validate(kind.schema, spec, () => ({ file: 'x', line: 1, col: 1 }), { what: 'It' });
          if (!valid.ok || kind.refuse?.(spec, 'task')) return;
          const probe = kind.probe(spec) as unknown;
          const looks = probe instanceof Script ? [frame([probe], 'markmarkmarkmark')] : [];
          const change = kind.diff(spec, undefined, { disturbed: false });
          const resource = {
            host: 'a',
            kind: kind.name,
            id: kind.id(spec),
            spec,
            task: { name: text, at: { file: 'x', line: 1, col: 1 }, tags: [] },
            become: true,
            notify: [],
            noLog: false,
          };
          const record = ownershipText(
            nextOwnership(new Map(), 'site.yml', [{ resource, change, now: { disturbed: false } } as never], [], kinds)
              .during,
          );
          const write = stepScript({
            do: 'write',
            path: `/nowhere/${text.replaceAll('/', '')}`,
            content: record,
            mode: '0644',
            owner: 'root:root',
          });
          if (!isDeed(change)) return harmless([...looks, write]);
          const steps = kind.apply(spec, change, undefined);
          const own = steps.filter((step): step is HostStep => step.do !== 'await' && step.do !== 'confirm');
          const check = kind.check?.(spec, change, undefined);
          harmless([
            ...looks,
            write,
            ...(check ? [check] : []),
            ...own.map(stepScript),
            stepsScript(own, 'markmarkmarkmark'),
          ]);
        },
      ),
      isLong ? runs() : { ...runs(), interruptAfterTimeLimit: 2500 },
    );
  });

  it('in the notes of runs', () => {
    fc.assert(
      fc.property(payload, (text) => {
        const started = {
          event: 'run-started',
          run: text,
          who: text,
          command: text,
          playbook: text,
          digest: text,
          hosts: [text],
          items: [text],
        } as const;
        harmless([
          beginRun(started),
          endStep({ run: text, item: text, step: text, last: true }, 0),
          endRun(text, 'done'),
        ]);
      }),
      { numRuns: payloads.length },
    );
  });
});

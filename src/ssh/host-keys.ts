import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HostVerifier } from 'ssh2';
import { Refusal } from '../diagnostics/diagnostic.ts';
import { unreadableFault } from './faults.ts';
import {
  judge,
  type Known,
  type KnownHosts,
  keyType,
  knownHosts,
  knownName,
  knownTypes,
  linesFor,
  parseKnownHosts,
  type Verdict,
} from './known-hosts.ts';
import type { Hop } from './settings.ts';

/** The known_hosts files of a run; each is read once. */
export interface HostKeys {
  /** The check for one login. */
  checkFor(hop: Hop): HostKeyCheck;
}

/** The check of one server's key during one login. */
export interface HostKeyCheck {
  /** Types known for this host, to be offered first. */
  readonly types: readonly string[];
  /** Answers by its callback and returns nothing: ssh2 takes any returned value but `false`, a promise too, as a yes. */
  readonly verify: HostVerifier;
  /** The verdict once a key was refused. */
  refused(): { readonly verdict: Verdict; readonly key: Buffer } | undefined;
  /** Call when the server has proved that it holds its key: writes down a key that is accepted as new. */
  remember(): void;
}

/** The known_hosts files as they are on disk; a missing file is an empty one. */
export function hostKeys(): HostKeys {
  const files = new Map<string, KnownHosts>();
  let remembered = 0;

  function linesOf(file: string, hop: Hop): KnownHosts {
    const known = files.get(file) ?? knownHosts(parseKnownHosts(textOf(file, hop), file));
    files.set(file, known);
    return known;
  }

  return {
    checkFor(hop) {
      // A hashed name costs a digest for each line: looked for again only where a login beside this one has added a key.
      let found: { readonly known: Known; readonly after: number } | undefined;
      const lookUp = () => {
        if (found?.after !== remembered) {
          const lines = hop.knownHostsFiles.map((file) => linesOf(file, hop));
          found = { known: linesFor(lines, hop.knownAs, hop.port), after: remembered };
        }
        return found.known;
      };
      let refused: { readonly verdict: Verdict; readonly key: Buffer } | undefined;
      let fresh: Buffer | undefined;
      return {
        types: knownTypes(lookUp()),
        verify: (key, answer) => {
          const verdict = judge(lookUp(), key);
          const isNew = verdict.kind === 'unknown' && hop.hostKeys === 'accept-new';
          if (isNew) fresh = key;
          else if (verdict.kind !== 'trusted') refused = { verdict, key };
          answer(refused === undefined);
        },
        refused: () => refused,
        remember() {
          const file = hop.knownHostsFiles[0];
          if (fresh === undefined || file === undefined || judge(lookUp(), fresh).kind !== 'unknown') return;
          const line = `${knownName(hop.knownAs, hop.port)} ${keyType(fresh)} ${fresh.toString('base64')}`;
          append(file, line, hop);
          linesOf(file, hop).add(parseKnownHosts(line, file));
          remembered++;
        },
      };
    },
  };
}

function textOf(file: string, hop: Hop): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw new Refusal([unreadableFault(hop, file, String(code))]);
  }
}

/** One write in append mode: other programs that add keys at the same time lose nothing. */
function append(file: string, line: string, hop: Hop): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const before = textOf(file, hop);
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    appendFileSync(file, `${gap}${line}\n`, { mode: 0o600 });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal([unreadableFault(hop, file, String((error as NodeJS.ErrnoException).code))]);
  }
}

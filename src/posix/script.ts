import { Secret } from './secret.ts';

/**
 * A look that many probes of one conversation go by, made once before them about all that they name: read-only, and no
 * word on its output; it never ends the shell, and leaves shell variables behind.
 */
export interface SharedLook {
  /** One look of a name is made; its first letters are those of its variables. */
  readonly name: string;
  readonly about: readonly string[];
  ask(about: readonly string[]): Script;
}

const none: readonly SharedLook[] = [];

/** Text of a POSIX shell script. Made only by `sh` and its kin, so that what is not quoted cannot get in. */
export class Script {
  readonly text: string;
  /** What has to be looked at before it runs, by several looks of a name perhaps; `frame` sees to that. */
  readonly looks: readonly SharedLook[];
  private constructor(text: string, looks: readonly SharedLook[]) {
    this.text = text;
    this.looks = looks;
  }
  static of(text: string, looks: readonly SharedLook[] = none): Script {
    return new Script(text, looks);
  }
  /** The script is for the wire only: it may hold secrets, so it never prints. */
  toString(): string {
    return '[script]';
  }
  toJSON(): string {
    return '[script]';
  }
}

/** What may stand in a `sh` template: words are quoted by type, scripts go in as they are. */
export type Word = string | number | Secret | Script | readonly (string | number | Secret)[];

/**
 * A script from a template: strings, numbers and secrets become exactly one quoted word each, an array becomes that
 * many words, a Script is inserted unchanged. Backslashes stand as written; `\\${` writes the shell's own `${`.
 * A string with a NUL byte throws a RangeError: no shell can carry it.
 */
export function sh(strings: TemplateStringsArray, ...words: readonly Word[]): Script {
  const parts = partsOf(strings);
  let text = parts[0]!;
  for (let i = 0; i < words.length; i++) text += inserted(words[i]!) + parts[i + 1]!;
  return Script.of(text, broughtBy(words));
}

const known = new WeakMap<TemplateStringsArray, readonly string[]>();

/** What stands between the words of a template; each is read once. */
function partsOf(strings: TemplateStringsArray): readonly string[] {
  let parts = known.get(strings);
  if (parts === undefined) {
    parts = strings.raw.map((part) => part.replaceAll('\\${', '${'));
    known.set(strings, parts);
  }
  return parts;
}

/** Scripts one after the other, each on its own line. */
export function lines(scripts: readonly Script[]): Script {
  return Script.of(scripts.map((script) => script.text).join('\n'), broughtBy(scripts));
}

/** A script in which a loop over `$text` goes line by line, and takes no word for a pattern. */
export function lineByLine(script: Script): Script {
  return sh`set -f; IFS='
'
${script}
set +f; unset IFS`;
}

/** A script without text that brings looks along to wherever it is inserted. */
export function looking(...looks: readonly SharedLook[]): Script {
  return Script.of('', looks);
}

function broughtBy(words: readonly Word[]): readonly SharedLook[] {
  let looks = none;
  for (const word of words) {
    if (word instanceof Script && word.looks.length > 0) looks = looks === none ? word.looks : looks.concat(word.looks);
  }
  return looks;
}

/** The looks of scripts, each name once, about all that any of them names. */
export function looksOf(scripts: readonly Script[]): readonly SharedLook[] {
  const looks = new Map<string, { readonly look: SharedLook; readonly about: string[] }>();
  for (const script of scripts) {
    for (const look of script.looks) {
      const known = looks.get(look.name);
      if (known) known.about.push(...look.about);
      else looks.set(look.name, { look, about: [...look.about] });
    }
  }
  return [...looks.values()].map(({ look, about }) => ({ ...look, about: [...new Set(about)] }));
}

/** Text that the user wrote to be a shell command (`command: run:`); nothing else may come in this way. */
export function trusted(text: string): Script {
  return Script.of(text);
}

/** One word for a POSIX shell that expands to exactly this text. */
export function quote(text: string): string {
  if (text.includes('\0')) throw new RangeError('a NUL byte cannot be passed to a shell');
  return /^[A-Za-z0-9_/.,:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A command that prints exactly these bytes. It uses the shell's own `printf`, so the bytes never stand on an argv.
 * Bytes a quoted word cannot carry (NUL, not UTF-8) go as octal escapes.
 */
export function print(content: string | Uint8Array | Secret): Script {
  const bytes = typeof content === 'string' || content instanceof Secret ? undefined : content;
  const text = bytes ? decode(bytes) : content instanceof Secret ? content.reveal() : (content as string);
  if (text !== undefined && !text.includes('\0')) return Script.of(`printf %s ${quote(text)}`);
  const raw = bytes ?? new TextEncoder().encode(text);
  const chunks: string[] = [];
  for (let i = 0; i < raw.length; i += 4096) {
    const octal = Array.from(raw.subarray(i, i + 4096), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    chunks.push(`printf '${octal}'`);
  }
  return Script.of(`{ ${chunks.join('\n')}\n}`);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function inserted(word: Word): string {
  if (word instanceof Script) return word.text;
  if (word instanceof Secret) return quote(word.reveal());
  if (typeof word === 'object') return word.map((one) => inserted(one)).join(' ');
  return quote(String(word));
}

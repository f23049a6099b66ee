import { createHash, createHmac } from 'node:crypto';

/** One usable line of a known_hosts file. */
export interface KnownHostLine {
  readonly file: string;
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  /** The host field as it stands: patterns with commas between, or one `|1|salt|hash`. */
  readonly hosts: string;
  readonly type: string;
  /** The public key in base64. */
  readonly key: string;
}

/** What known_hosts says of the key that a server showed. */
export type Verdict =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'certificate-only'; readonly line: KnownHostLine }
  | { readonly kind: 'revoked'; readonly line: KnownHostLine }
  | { readonly kind: 'changed'; readonly line: KnownHostLine };

/** The usable lines of a known_hosts file; comments, SSH 1 keys and lines that make no sense are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHostLine[] {
  return text.split('\n').flatMap((raw, index) => {
    const words = raw.trim().split(/\s+/);
    const marker = markerOf(words[0] ?? '');
    if (marker === 'other' || raw.trimStart().startsWith('#')) return [];
    const [hosts, type, key] = marker ? words.slice(1) : words;
    if (!hosts || !type || !key || !/^[a-z][\w@.-]*$/.test(type) || !/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return [];
    return [{ file, line: index + 1, marker, hosts, type, key }];
  });
}

function markerOf(word: string): KnownHostLine['marker'] | 'other' {
  if (!word.startsWith('@')) return undefined;
  return word === '@revoked' ? 'revoked' : word === '@cert-authority' ? 'cert-authority' : 'other';
}

/** The name under which a host stands in known_hosts: `name`, or `[name]:port` away from port 22. */
export function knownName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** Whether a host field means this name (see knownName): comma list, `*` and `?`, `!` negation, or a hash. */
export function matchesHost(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(hosts, name);
  const patterns = hosts.toLowerCase().split(',');
  if (patterns.some((pattern) => pattern.startsWith('!') && matchesGlob(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesGlob(pattern, name));
}

function matchesHash(field: string, name: string): boolean {
  const [, version, salt, hash] = field.split('|');
  if (version !== '1' || !salt || !hash) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function matchesGlob(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(name);
}

/** The lines that speak of a host; `bare` holds those under its name without the port, for a host away from port 22. */
export interface Known {
  readonly exact: readonly KnownHostLine[];
  readonly bare: readonly KnownHostLine[];
}

/** The lines of one known_hosts file; those that name hosts in full are found without a look at the others. */
export interface KnownHosts {
  add(lines: readonly KnownHostLine[]): void;
  /** The lines that mean a name (see knownName), in their order. */
  under(name: string): readonly KnownHostLine[];
}

/** The lines of a file, by name. */
export function knownHosts(lines: readonly KnownHostLine[]): KnownHosts {
  const inFull = new Map<string, { readonly line: KnownHostLine; readonly at: number }[]>();
  const others: { readonly line: KnownHostLine; readonly at: number }[] = [];
  let count = 0;
  const add = (more: readonly KnownHostLine[]) => {
    for (const line of more) {
      const placed = { line, at: count++ };
      if (/[|*?!]/.test(line.hosts)) others.push(placed);
      else {
        for (const name of new Set(line.hosts.toLowerCase().split(','))) {
          const before = inFull.get(name);
          if (before) before.push(placed);
          else inFull.set(name, [placed]);
        }
      }
    }
  };
  add(lines);
  return {
    add,
    under(name) {
      const found = [...(inFull.get(name) ?? []), ...others.filter(({ line }) => matchesHost(line.hosts, name))];
      return found.sort((a, b) => a.at - b.at).map(({ line }) => line);
    },
  };
}

/** Looks up the lines that speak of a host. */
export function linesFor(files: readonly KnownHosts[], host: string, port: number): Known {
  const under = (name: string) => files.flatMap((file) => file.under(name));
  return { exact: under(knownName(host, port)), bare: port === 22 ? [] : under(knownName(host, 22)) };
}

/** The types of the keys that a host may show. */
export function knownTypes(known: Known): readonly string[] {
  const types = (lines: readonly KnownHostLine[]) => plain(lines).map((line) => line.type);
  return plain(known.exact).length > 0 ? types(known.exact) : types(known.bare);
}

/**
 * Judges the raw public key of a server by the lines that speak of it. A host with any known key may not show another.
 * Like OpenSSH, a key known under the bare name is good on every port, but another key there says nothing.
 */
export function judge(known: Known, key: Buffer): Verdict {
  const shown = bare64(key.toString('base64'));
  const same = (line: KnownHostLine) => bare64(line.key) === shown;
  const revoked = [...known.exact, ...known.bare].find((line) => line.marker === 'revoked' && same(line));
  if (revoked) return { kind: 'revoked', line: revoked };
  const expected = plain(known.exact);
  if (expected.some(same)) return { kind: 'trusted' };
  const other = expected.find((line) => line.type === keyType(key)) ?? expected[0];
  if (other) return { kind: 'changed', line: other };
  if (plain(known.bare).some(same)) return { kind: 'trusted' };
  const authority = [...known.exact, ...known.bare].find((line) => line.marker === 'cert-authority');
  return authority ? { kind: 'certificate-only', line: authority } : { kind: 'unknown' };
}

function plain(lines: readonly KnownHostLine[]): readonly KnownHostLine[] {
  return lines.filter((line) => line.marker === undefined);
}

function bare64(text: string): string {
  return text.replace(/=+$/, '');
}

/** The type a raw public key names at its head, `ssh-ed25519`; empty when there is none. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  const length = key.readUInt32BE(0);
  return length > 64 ? '' : key.toString('latin1', 4, 4 + length);
}

/** A key's fingerprint as `ssh-keygen -l` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

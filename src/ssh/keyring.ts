import ssh2, { type IdentityCallback, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import { Refusal } from '../diagnostics/diagnostic.ts';
import { unreadableFault } from './faults.ts';
import { type KeyFile, lineOf, type NoKey, type Unopened } from './key-files.ts';
import type { Hop } from './settings.ts';

/** One key that may be offered to a server. */
export interface OfferedKey {
  /** For people: where the key comes from. */
  readonly label: string;
  /** Its public half, as the line of an authorized_keys file. */
  readonly publicLine: string;
  /** Whether nobody is asked anything when it signs. */
  readonly isOpen: boolean;
  sign(data: Buffer, hash: string | undefined): Promise<Buffer | Unsigned>;
}

/** Why a key did not sign. */
export type Unsigned = Unopened | 'agent-refused' | 'cannot-sign';

/** The keys of one login, in the order in which they are offered, and what was left out and why. */
export interface Keyring {
  readonly keys: readonly OfferedKey[];
  readonly notes: readonly string[];
}

/** The keys that an agent holds; the reason when it does not answer. */
export type AgentKeys = readonly OfferedKey[] | string;

/** Asks each agent once per run what it holds. */
export function agentKeys(): (socket: string) => Promise<AgentKeys> {
  const agents = new Map<string, Promise<AgentKeys>>();
  return (socket) => {
    const found = agents.get(socket) ?? listKeys(socket);
    agents.set(socket, found);
    return found;
  };
}

const agentTimeoutMs = 5000;

function listKeys(socket: string): Promise<AgentKeys> {
  const agent = ssh2.createAgent(socket);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`the agent at ${socket} did not answer`), agentTimeoutMs);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      if (error) resolve(`the agent at ${socket} did not answer`);
      else resolve((keys as readonly ParsedKey[]).map((key) => ofAgent(agent, key)));
    });
  });
}

function ofAgent(agent: ssh2.BaseAgent, key: ParsedKey): OfferedKey {
  return {
    label: `agent key ${key.comment || key.type}`,
    publicLine: lineOf(key),
    isOpen: false,
    sign: (data, hash) =>
      new Promise((resolve) => {
        const options = (hash === undefined ? {} : { hash }) as SigningRequestOptions;
        agent.sign(key, data, options, (error, signature) => resolve(error ? 'agent-refused' : signature!));
      }),
  };
}

function ofFile(file: KeyFile, publicLine: string): OfferedKey {
  return {
    label: file.path,
    publicLine,
    isOpen: !file.isEncrypted,
    async sign(data, hash) {
      const key = await file.open();
      if (typeof key === 'string') return key;
      try {
        return key.sign(data, hash);
      } catch {
        // A policy of OpenSSL's may forbid SHA-1, and a damaged key is no key.
        return 'cannot-sign';
      }
    },
  };
}

/**
 * Orders the keys for one login: files that somebody named, the agent's, files in the usual places. A file whose key
 * the agent holds is signed for by the agent, so its passphrase is not asked.
 */
export async function keyringFor(
  hop: Hop,
  load: (path: string) => Promise<KeyFile | NoKey>,
  askAgent: (socket: string) => Promise<AgentKeys>,
): Promise<Keyring> {
  const notes: string[] = [];
  const answer = hop.agentSocket === undefined ? [] : await askAgent(hop.agentSocket);
  if (typeof answer === 'string') notes.push(answer);
  const held = typeof answer === 'string' ? [] : answer;
  const files: OfferedKey[] = [];
  for (const path of new Set(hop.identityFiles)) {
    const file = await load(path);
    if ('why' in file && path === hop.requiredKeyFile) throw new Refusal([unreadableFault(hop, path, file.why)]);
    const key = await fileKey(file, held, notes);
    if (key) files.push(key);
  }
  const free = hop.identitiesOnly ? [] : held;
  const ordered = hop.identityNamed ? [...files, ...free] : [...free, ...files];
  const seen = new Set<string>();
  const keys = ordered.filter(({ publicLine }) => !seen.has(publicLine) && seen.add(publicLine));
  return { keys, notes };
}

async function fileKey(
  file: KeyFile | NoKey,
  held: readonly OfferedKey[],
  notes: string[],
): Promise<OfferedKey | undefined> {
  if ('why' in file) {
    notes.push(file.missing ? `${file.path} does not exist` : `${file.path} cannot be used: ${file.why}`);
    return undefined;
  }
  const line = file.publicLine ?? (await openedLine(file));
  if (line === undefined) {
    notes.push(`${file.path} is encrypted and was not opened`);
    return undefined;
  }
  const inAgent = held.find(({ publicLine }) => publicLine === line);
  return inAgent ? { ...inAgent, label: `${file.path} (from the agent)` } : ofFile(file, line);
}

/** Old encrypted formats hide the public half too, so the passphrase is asked before the key is offered. */
async function openedLine(file: KeyFile): Promise<string | undefined> {
  const key = await file.open();
  return typeof key === 'string' ? undefined : key.publicLine;
}

/** What happened to the keys during one login. */
export interface LoginLog {
  /** Keys that the server accepted but that could not sign. */
  readonly failures: { readonly label: string; readonly reason: Unsigned }[];
}

/** Offers a keyring through ssh2's agent interface, so that a passphrase is asked only for a key that the server accepts. */
export class KeyringAgent extends ssh2.BaseAgent {
  readonly #keys: readonly OfferedKey[];
  readonly #log: LoginLog;
  readonly #whileAsking: <T>(work: () => Promise<T>) => Promise<T>;

  constructor(keys: readonly OfferedKey[], log: LoginLog, whileAsking: <T>(work: () => Promise<T>) => Promise<T>) {
    super();
    this.#keys = keys;
    this.#log = log;
    this.#whileAsking = whileAsking;
  }

  override getIdentities(done: IdentityCallback): void {
    done(
      null,
      this.#keys.map(({ publicLine }) => publicLine),
    );
  }

  override sign(publicKey: unknown, data: Buffer, options: unknown, done?: SignCallback): void {
    const parsed = ssh2.utils.parseKey(publicKey as ParsedKey) as ParsedKey;
    const key = this.#keys.find(({ publicLine }) => publicLine === lineOf(parsed));
    const hash = (options as SigningRequestOptions | undefined)?.hash;
    void this.#whileAsking(async () => (key ? key.sign(data, hash) : 'public-only'))
      .then((signature) => {
        if (Buffer.isBuffer(signature)) return done?.(null, signature);
        this.#log.failures.push({ label: key?.label ?? '', reason: signature });
        // An error would end the login (node-ssh rejects at the first); a wrong signature only makes the server go on to the next key.
        done?.(null, Buffer.alloc(64));
      })
      // The server may have hung up while somebody was asked, which is told elsewhere.
      .catch(() => {});
  }
}

import type { Client, ParsedKey } from 'ssh2';
import { lineOf } from './key-files.ts';
import type { OfferedKey } from './keyring.ts';

/** Signs what a login is proved by; hands the signature on. */
type Signing = (data: Buffer, done: (signature: Buffer) => void) => void;

/** What ssh2 1.17 has inside and does not show; its version is pinned, and test/unit/ssh/shortcuts.test.ts counts what comes of this. */
interface Inside {
  readonly _protocol: {
    service(name: string): void;
    authPK(user: string, key: ParsedKey, algorithm: string | undefined, sign?: Signing): void;
    readonly _handlers: {
      SERVICE_ACCEPT(protocol: unknown, name: string): void;
      GLOBAL_REQUEST(protocol: unknown, name: string, wantsReply: boolean, data: unknown): void;
    };
  };
}

/** What a key of RSA signs a digest of, by the name of the algorithm; other keys have one way to sign. */
const hashes: Readonly<Record<string, string>> = {
  'ssh-rsa': 'sha1',
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
};

/**
 * Spares a login on its way the round trips and the work that ssh2 would spend on caution; for a client that has not
 * heard anything yet. What the server refuses is refused as ever, and the next way is tried.
 */
export function shorten(client: Client, keys: readonly OfferedKey[]): void {
  const protocol = (client as unknown as Inside)._protocol;
  useOpenKeysUnasked(client, protocol, keys);
  // The first packet of the login tells which algorithms for RSA the server takes; other keys need not wait for it.
  if (!keys[0]?.publicLine.startsWith('ssh-rsa ')) beginWithTheService(protocol);
  leaveHostKeysUnproved(protocol);
}

/** A key that lies open is used at once: asking whether it would do costs a round trip, and signing a tenth of a millisecond. */
function useOpenKeysUnasked(client: Client, protocol: Inside['_protocol'], keys: readonly OfferedKey[]): void {
  const authPK = protocol.authPK.bind(protocol);
  protocol.authPK = (user, key, algorithm, sign) => {
    const open = sign ? undefined : keys.find(({ isOpen, publicLine }) => isOpen && publicLine === lineOf(key));
    if (open === undefined) return authPK(user, key, algorithm, sign);
    authPK(user, key, algorithm, (data, done) => {
      open
        .sign(data, algorithm && hashes[algorithm])
        .then((signature) => (Buffer.isBuffer(signature) ? done(signature) : authPK(user, key, algorithm)))
        .catch((error: unknown) => client.emit('error', error as Error));
    });
  };
}

/** The first proof goes out together with the request for the service that takes it, which no server refuses. */
function beginWithTheService(protocol: Inside['_protocol']): void {
  const service = protocol.service.bind(protocol);
  protocol.service = (name) => {
    service(name);
    const { SERVICE_ACCEPT: begin } = protocol._handlers;
    protocol._handlers.SERVICE_ACCEPT = () => {};
    begin(protocol, name);
  };
}

/** OpenSSH tells all its host keys after a login, and ssh2 would have it prove each; we keep the one that was checked. */
function leaveHostKeysUnproved(protocol: Inside['_protocol']): void {
  const { GLOBAL_REQUEST: answer } = protocol._handlers;
  protocol._handlers.GLOBAL_REQUEST = (to, name, wantsReply, data) => {
    if (name !== 'hostkeys-00@openssh.com') answer(to, name, wantsReply, data);
  };
}

import type { Algorithms } from 'ssh2';

/** Host key algorithms in order of preference; SHA-1 signatures are left out, as OpenSSH does since 8.8. */
const hostKeyAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

/**
 * What to offer a server. Key types that known_hosts holds for it come first: offered another type, a good host would
 * read as one with an unknown key.
 */
export function algorithmsFor(knownTypes: readonly string[]): Algorithms {
  const known = hostKeyAlgorithms.filter((name) => knownTypes.includes(name.startsWith('rsa-') ? 'ssh-rsa' : name));
  return {
    kex: [
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group16-sha512',
      'diffie-hellman-group18-sha512',
      'diffie-hellman-group14-sha256',
      'diffie-hellman-group-exchange-sha256',
    ],
    serverHostKey: [...known, ...hostKeyAlgorithms.filter((name) => !known.includes(name))],
    cipher: [
      'aes128-gcm@openssh.com',
      'aes256-gcm@openssh.com',
      'chacha20-poly1305@openssh.com',
      'aes128-ctr',
      'aes192-ctr',
      'aes256-ctr',
    ],
    hmac: [
      'hmac-sha2-256-etm@openssh.com',
      'hmac-sha2-512-etm@openssh.com',
      'hmac-sha2-256',
      'hmac-sha2-512',
      'hmac-sha1-etm@openssh.com',
      'hmac-sha1',
    ],
    compress: ['none'],
  };
}

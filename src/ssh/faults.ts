import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { quoted } from '../run/conversation.ts';
import { fingerprint, type KnownHostLine, keyType, knownName, type Verdict } from './known-hosts.ts';
import type { Hop } from './settings.ts';

interface Words {
  readonly what: string;
  readonly why?: string;
  readonly mend: string;
  readonly output?: string;
}

/** A fault of one host, under its permanent code. */
export function fault(code: string, host: string, words: Words): Diagnostic {
  return { code, severity: 'error', host, ...words };
}

/** Ways in which no connection comes about, before any word of SSH was spoken. */
export type Unreachable = 'not-found' | 'refused' | 'unreachable' | 'silent' | 'cut';

/** The host could not be reached; `detail` is the system's own word for it. */
export function unreachableFault(hop: Hop, kind: Unreachable, detail: string): Diagnostic {
  const at = hop.label;
  switch (kind) {
    case 'not-found':
      return fault('host-not-found', hop.host, {
        what: `The name ${hop.address} cannot be resolved.`,
        why: `Looking it up gave ${detail}.`,
        mend: 'Correct the address of the host in the inventory, or give its IP address there.',
      });
    case 'refused':
      return fault('connection-refused', hop.host, {
        what: `${at} refused the connection.`,
        why: 'The machine answers, but nothing listens on that port, or a firewall rejects.',
        mend: `Start sshd there, or set the right port for the host in the inventory.`,
      });
    case 'unreachable':
      return fault('host-unreachable', hop.host, {
        what: `${at} cannot be reached.`,
        why: `The network said ${detail}.`,
        mend: 'See that the host is up and that its address and your route to it are right.',
      });
    case 'silent':
      return fault('connect-timeout', hop.host, {
        what: `${at} did not let us in within ${hop.timeoutMs / 1000} s.`,
        why: detail,
        mend: 'See that the host is up and not overloaded; the connect timeout of the inventory gives it more time.',
      });
    case 'cut':
      return fault('connection-cut', hop.host, {
        what: `${at} closed the connection before the login.`,
        why: `sshd does so when too many logins are open (MaxStartups), or for a banned address (${detail}).`,
        mend: 'Try again with fewer --forks; look at the log of sshd and at fail2ban on the host.',
      });
  }
}

/** Something other than an SSH server answered. */
export function notSshFault(hop: Hop, greeting: string): Diagnostic {
  return fault('not-ssh', hop.host, {
    what: `What listens on ${hop.label} is not an SSH server.`,
    why: 'Its first words are none of the SSH protocol.',
    mend: 'Set the port of sshd for the host in the inventory.',
    ...quoted(greeting.slice(0, 200)),
  });
}

/** Client and server know no common algorithm. */
export function noCommonAlgorithmFault(hop: Hop, detail: string): Diagnostic {
  const isKey = /host key/i.test(detail);
  return fault('no-common-algorithm', hop.host, {
    what: `${hop.label} and hadeploy have no ${detail.replace(/^.*no matching /i, '')} in common.`,
    why: isKey
      ? 'The server offers only host certificates, or only keys of old types (ssh-rsa with SHA-1, ssh-dss); hadeploy takes plain ed25519, ecdsa and RSA keys with SHA-2.'
      : 'Its sshd is set to algorithms that are very old, or so new that the SSH library lacks them (post-quantum only).',
    mend: isKey
      ? 'Give sshd on the host a plain ed25519 key (ssh-keygen -A, HostKey in sshd_config).'
      : 'Allow curve25519-sha256, aes128-gcm@openssh.com and hmac-sha2-256 in sshd_config on the host.',
  });
}

/** The server's key is not one we may trust. */
export function hostKeyFault(hop: Hop, verdict: Verdict, key: Buffer): Diagnostic {
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  const name = knownName(hop.knownAs, hop.port);
  const place = (line: KnownHostLine) => `${line.file}:${line.line}`;
  switch (verdict.kind) {
    case 'revoked':
      return fault('host-key-revoked', hop.host, {
        what: `The host key of ${hop.label} is revoked.`,
        why: `${place(verdict.line)} revokes the key it showed, ${shown}: whoever holds it may not be the host.`,
        mend: 'Give the host new keys, or find out who answers in its place.',
      });
    case 'changed':
      return fault('host-key-changed', hop.host, {
        what: `The host key of ${hop.label} is not the known one.`,
        why: `It showed ${shown}; ${place(verdict.line)} knows ${verdict.line.type} ${fingerprint(Buffer.from(verdict.line.key, 'base64'))}. Either the host was installed anew, or someone sits between.`,
        mend: `Ask the host itself (ssh-keygen -lf /etc/ssh/ssh_host_*.pub). Only if it is right: ssh-keygen -R '${name}' -f ${verdict.line.file}, then add the new key.`,
      });
    case 'certificate-only':
      return fault('host-certificate', hop.host, {
        what: `${hop.label} is known only through a certificate authority.`,
        why: `${place(verdict.line)} is a @cert-authority line; the SSH library cannot check host certificates. The plain key it showed is ${shown}.`,
        mend: `Compare that fingerprint with the host's, then add its plain key: ssh-keyscan -p ${hop.port} ${hop.address} >> ${hop.knownHostsFiles[0]}.`,
      });
    default:
      return fault('host-key-unknown', hop.host, {
        what: `The host key of ${hop.label} is not known.`,
        why: `It showed ${shown}; no line for ${name} stands in ${hop.knownHostsFiles.join(' or ')}.`,
        mend: `Compare that fingerprint with the host's, then add its key: ssh-keyscan -p ${hop.port} ${hop.address} >> ${hop.knownHostsFiles[0]}. Or choose accept-new for its host keys, which trusts a host the first time it is seen.`,
      });
  }
}

/** A file that the login needs cannot be read or written. */
export function unreadableFault(hop: Hop, file: string, detail: string): Diagnostic {
  return fault('ssh-file-unreadable', hop.host, {
    what: `${file} cannot be used for the login to ${hop.label}.`,
    why: `Using it gave: ${detail}.`,
    mend: 'Correct the path in the inventory, or the permissions of the file.',
  });
}

/** ssh_config asks for a ProxyCommand. */
export function proxyCommandFault(host: string, address: string, command: string): Diagnostic {
  return fault('proxy-command', host, {
    what: `ssh_config wants a ProxyCommand for ${address}, which hadeploy does not run.`,
    why: `It says: ${command}`,
    mend: 'Use ProxyJump in ssh_config, or name jump hosts in the inventory.',
  });
}

/** `ssh -G` refused the user's ssh_config. */
export function sshConfigFault(host: string, address: string, stderr: string): Diagnostic {
  return fault('ssh-config', host, {
    what: `ssh cannot read its configuration for ${address}.`,
    mend: 'Correct the file and line it names.',
    ...quoted(stderr),
  });
}

/** There is an ssh_config, but no `ssh` to read it exactly. */
export function sshConfigUnread(file: string): Diagnostic {
  return {
    code: 'ssh-config-unread',
    severity: 'warning',
    what: `${file} is not followed, because no ssh client is installed.`,
    why: 'hadeploy asks `ssh -G` what the file means for a host; without it only the inventory and the defaults count.',
    mend: 'Install the OpenSSH client, or say in the inventory what the file says.',
  };
}

import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware } from 'ssh2';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { fault } from './faults.ts';
import { type Keyring, KeyringAgent, type LoginLog } from './keyring.ts';
import type { Hop } from './settings.ts';

/** The ways of one login, tried in order, and what came of them. */
export interface Login {
  readonly handler: AuthHandlerMiddleware;
  /** Why the login failed. */
  fault(detail: string): Diagnostic;
}

/** Keys first, then the password (as such or to a prompt), then nothing: `none` only asks the server which ways it has. */
export function loginFor(
  hop: Hop,
  { keys, notes }: Keyring,
  whileAsking: <T>(work: () => Promise<T>) => Promise<T>,
): Login {
  const log: LoginLog = { failures: [] };
  const { user: username, password } = hop;
  const secret = password?.reveal();
  const plan: AnyAuthMethod[] = [
    ...(keys.length > 0 ? [{ type: 'agent', username, agent: new KeyringAgent(keys, log, whileAsking) } as const] : []),
    ...(secret === undefined ? [] : [{ type: 'password', username, password: secret } as const]),
    ...(secret === undefined ? [] : [keyboard(username, secret)]),
    { type: 'none', username },
  ];
  let accepted: readonly AuthenticationType[] | undefined;
  let partial = false;
  const handler = (
    left: readonly AuthenticationType[] | null,
    isPartial: boolean | null,
    next: (way: unknown) => void,
  ) => {
    if (left) accepted = left;
    partial ||= isPartial === true;
    let way = plan.shift();
    while (way && isUseless(way.type)) way = plan.shift();
    next(way ?? false);
  };
  const isUseless = (type: AuthenticationType) =>
    accepted !== undefined && (type === 'none' || (type === 'keyboard-interactive' && !accepted.includes(type)));

  return {
    handler: handler as unknown as AuthHandlerMiddleware,
    fault: (detail) => loginFault(hop, { keys, notes }, log, { accepted, partial, detail }),
  };
}

function keyboard(username: string, secret: string): AnyAuthMethod {
  return {
    type: 'keyboard-interactive',
    username,
    prompt: (_name, _instructions, _lang, prompts, finish) => {
      finish(prompts.map((prompt) => (prompt.echo ? '' : secret)));
    },
  };
}

function loginFault(
  hop: Hop,
  { keys, notes }: Keyring,
  { failures }: LoginLog,
  end: {
    readonly accepted: readonly AuthenticationType[] | undefined;
    readonly partial: boolean;
    readonly detail: string;
  },
): Diagnostic {
  const closed = failures.find(({ reason }) => reason === 'no-terminal');
  if (closed) {
    return fault('key-encrypted', hop.host, {
      what: `The key ${closed.label} would open ${hop.label}, but it is encrypted.`,
      why: 'There is no terminal to ask for its passphrase.',
      mend: 'Add it to an agent first (eval "$(ssh-agent)"; ssh-add FILE), or run hadeploy in a terminal.',
    });
  }
  const tried = [...keys.map(({ label }) => label), ...(hop.password ? ['the password'] : [])];
  const reasons = [
    tried.length > 0 ? `Tried ${tried.join(', ')}.` : 'There was no key and no password to offer.',
    ...failures.map(({ label, reason }) => `${label}: ${failureText[reason]}.`),
    ...notes.map((note) => `${note}.`),
    end.accepted ? `The server takes ${end.accepted.join(', ')}.` : '',
    end.partial ? 'It accepted the first proof and wants a second one, which hadeploy cannot give.' : '',
    /too many/i.test(end.detail)
      ? 'The server gave up after too many keys; name the right one (and IdentitiesOnly).'
      : '',
  ];
  return fault('login-refused', hop.host, {
    what: `${hop.label} did not accept the login.`,
    why: reasons.filter(Boolean).join(' '),
    mend: `Put your public key into ~${hop.user}/.ssh/authorized_keys there, or name the right user and private key in the inventory.`,
  });
}

const failureText = {
  'no-terminal': 'encrypted, and no terminal to ask for the passphrase',
  'wrong-passphrase': 'its passphrase was wrong',
  'public-only': 'only its public half is here',
  'agent-refused': 'the agent refused to sign with it',
  'cannot-sign': 'OpenSSL here refused to sign with it',
} as const;

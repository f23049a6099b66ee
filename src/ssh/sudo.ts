import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { quoted } from '../run/conversation.ts';
import { fault } from './faults.ts';

/** How a sudo that let nothing through came to its end. */
export interface SudoEnd {
  /** Exit code; undefined while it still runs. */
  readonly code: number | undefined;
  /** What it said on stderr. */
  readonly said: string;
  /** It asked for the password more than once. */
  readonly askedAgain: boolean;
  /** We have a password to give. */
  readonly hasPassword: boolean;
}

/** Who logged in where, for the messages. */
export interface Who {
  readonly host: string;
  readonly user: string;
}

/** Why sudo did not make us root. Its text is read where it has to be; a sudo that speaks otherwise gets a general word. */
export function sudoFault({ host, user }: Who, end: SudoEnd): Diagnostic {
  const said = end.said.replace(/^.*usual lecture[\s\S]*?responsibility\.\s*/m, '');
  const output = quoted(said);
  if (
    end.askedAgain ||
    /incorrect password|sorry, try again|authentication failed|incorrect authentication/i.test(said)
  ) {
    return fault('sudo-password-wrong', host, {
      what: `sudo on ${host} did not take the password of ${user}.`,
      mend: 'Give the right one: --ask-become-pass, HADEPLOY_BECOME_PASSWORD, or ansible_become_password from a file.',
    });
  }
  if (end.code === 127) {
    return fault('sudo-missing', host, {
      what: `There is no sudo on ${host}.`,
      why: `${user} is not root, and the task wants to be.`,
      mend: 'Log in as root, or install sudo there.',
      ...output,
    });
  }
  if (/must have a tty|no tty present and no askpass/i.test(said)) {
    return fault('sudo-wants-tty', host, {
      what: `sudo on ${host} works only on a terminal.`,
      why: 'Its configuration has requiretty.',
      mend: `Add \`Defaults:${user} !requiretty\` to sudoers there (visudo).`,
      ...output,
    });
  }
  if (/not in the sudoers|not allowed to (execute|run)|may not run sudo|i'm afraid i can't/i.test(said)) {
    return fault('sudo-not-allowed', host, {
      what: `${user} may not use sudo on ${host}.`,
      mend: `Allow it in sudoers there (\`${user} ALL=(ALL) ALL\`, with visudo), or log in as another user.`,
      ...output,
    });
  }
  if (!end.hasPassword && /password is required|authentication is required|password:/i.test(said)) {
    return fault('sudo-password-needed', host, {
      what: `sudo on ${host} wants a password for ${user}.`,
      mend: 'Give it: --ask-become-pass, HADEPLOY_BECOME_PASSWORD, or ansible_become_password from a file.',
    });
  }
  if (end.code === undefined) {
    return fault('sudo-no-answer', host, {
      what: `sudo on ${host} neither let ${user} through nor asked for the password.`,
      why: 'It may wait for a second factor, a fingerprint or a directory server that does not answer.',
      mend: `Make \`sudo true\` work for ${user} there with at most a password.`,
      ...output,
    });
  }
  return fault('sudo-refused', host, {
    what: `sudo on ${host} did not make ${user} root (exit code ${end.code}).`,
    mend: `Make \`sudo true\` work for ${user} there.`,
    ...output,
  });
}

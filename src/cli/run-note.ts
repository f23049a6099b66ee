import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { type RunNote, utc } from '../run/lock/notes.ts';
import type { PlaybookOptions } from './load.ts';

/** What a run says of itself to the hosts and to others who want them: who, from where, when and why. */
export function runNote(command: string, inventory: string, options: PlaybookOptions): RunNote {
  const since = utc(Date.now());
  const id = `${since.replace(/[-:]/g, '')}-${randomBytes(2).toString('hex')}`;
  return { id, who: whoAmI(), command: inShort(command, inventory, options), since };
}

/** `user@machine`, the user who called sudo where there is one. */
export function whoAmI(): string {
  const { SUDO_USER, USER, LOGNAME } = process.env;
  return `${SUDO_USER || USER || LOGNAME || userInfo().username}@${hostname()}`;
}

/** The command line without the values of `-e`, which may be secrets. */
function inShort(command: string, inventory: string, options: PlaybookOptions): string {
  const { playbook, limit, tags, skipTags, extraVars } = options;
  const flags = [
    playbook && `--playbook ${playbook}`,
    limit && `--limit ${limit}`,
    tags.length > 0 && `--tags ${tags.join(',')}`,
    skipTags.length > 0 && `--skip-tags ${skipTags.join(',')}`,
    ...extraVars.map((one) => (/^\w+=/.test(one) ? `-e ${one.slice(0, one.indexOf('='))}=…` : '-e …')),
  ];
  return [command, inventory, ...flags].filter(Boolean).join(' ');
}

import { type Script, sh } from '../../posix/script.ts';
import { ask } from '../conversation.ts';
import type { Connection } from '../ports.ts';
import { type Freeze, hostFolder, type RunNote, readFreeze, readRunNote } from './notes.ts';

/** What stands in the way of a run on one host. */
export interface HostLock {
  /** The run that holds the host now. */
  readonly lease?: RunNote;
  /** The freeze that has not run out. */
  readonly freeze?: Freeze;
}

/**
 * Read-only: a lease is held as long as the run's own process on the host holds the kernel's lock on the file, whatever
 * the file says; a freeze counts until its time has come by the host's clock.
 */
export const lockProbe: Script = sh`cd -- ${hostFolder} 2>/dev/null || exit 0
if [ -s lease ] && command -v flock >/dev/null; then
  flock -s -n 9 9<lease || printf 'lease %s\n' "$(tail -n 1 lease)"
fi
if [ -f freeze ]; then
  { IFS= read -r until; IFS= read -r note; } <freeze
  [ "$until" -le "$(date +%s)" ] || printf 'freeze %s\n' "$note"
fi`;

/** What the probe said. */
export function parseLock(said: string): HostLock {
  const lease = /^lease (.*)$/m.exec(said)?.[1];
  const freeze = /^freeze (.*)$/m.exec(said)?.[1];
  return {
    ...(lease !== undefined && { lease: readRunNote(lease) }),
    ...(freeze !== undefined && { freeze: readFreeze(freeze) }),
  };
}

/** Asks one host, in a conversation of its own. */
export async function lookAtLock(connection: Connection, host: string, mark: string): Promise<HostLock> {
  const [answer] = await ask(connection, host, [lockProbe], { become: true, mark });
  return parseLock(answer!.stdout);
}

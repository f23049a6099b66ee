import { readFileSync } from 'node:fs';
import { Refusal } from '../diagnostics/diagnostic.ts';
import { Secret } from '../posix/secret.ts';
import { askSecret } from './ask.ts';

/** Where the sudo password may come from; never from a command line, where every user of the machine could read it. */
export interface BecomeOptions {
  readonly askBecomePass?: boolean;
  readonly becomePasswordFile?: string;
}

/** The sudo password for hosts whose inventory has none: asked for once, from a file, or from HADEPLOY_BECOME_PASSWORD. */
export async function readBecomePassword(options: BecomeOptions): Promise<Secret | undefined> {
  if (options.askBecomePass) return askSecret('sudo password: ');
  if (options.becomePasswordFile !== undefined) return firstLine(options.becomePasswordFile);
  const fromEnvironment = process.env['HADEPLOY_BECOME_PASSWORD'];
  return fromEnvironment ? new Secret(fromEnvironment) : undefined;
}

function firstLine(path: string): Secret {
  try {
    return new Secret(readFileSync(path, 'utf8').split(/\r?\n/)[0]!);
  } catch (error) {
    throw new Refusal([
      {
        code: 'unreadable',
        severity: 'error',
        what: `The password file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`,
        mend: 'Give --become-password-file a file whose first line is the password.',
      },
    ]);
  }
}

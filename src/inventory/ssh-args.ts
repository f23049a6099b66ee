import { shellWords } from './shell-words.ts';

/** What OpenSSH arguments in an inventory ask for, in our own names. */
export interface SshArgs {
  readonly settings: ReadonlyMap<SshSetting, string>;
  /** Words that have no equal here, as they were written. */
  readonly refused: readonly string[];
}

/** A connection setting that OpenSSH arguments can give. */
export type SshSetting =
  | 'port'
  | 'user'
  | 'private_key_file'
  | 'known_hosts_file'
  | 'jump'
  | 'host_keys'
  | 'connect_timeout';

const FLAGS: Readonly<Record<string, SshSetting>> = { J: 'jump', i: 'private_key_file', p: 'port', l: 'user' };
const OPTIONS: Readonly<Record<string, SshSetting>> = {
  proxyjump: 'jump',
  identityfile: 'private_key_file',
  port: 'port',
  user: 'user',
  userknownhostsfile: 'known_hosts_file',
  stricthostkeychecking: 'host_keys',
  connecttimeout: 'connect_timeout',
};

/** Options about how OpenSSH shares and keeps connections; hadeploy keeps one per host anyway. */
const NEEDLESS =
  /^(?:control(?:master|persist|path)|serveralive(?:interval|countmax)|tcpkeepalive|compression|loglevel|batchmode)$/;

/** Reads the value of `ansible_ssh_common_args` and its kin; undefined when its quotes do not close. */
export function readSshArgs(text: string): SshArgs | undefined {
  const split = shellWords(text);
  if ('fault' in split) return undefined;
  const words = split.words.map((word) => word.text);
  const settings = new Map<SshSetting, string>();
  const refused: string[] = [];
  while (words.length > 0) {
    const word = words.shift()!;
    const flag = /^-([Jiplo])(.*)$/s.exec(word);
    if (!flag) {
      if (!/^-[CqT]+$/.test(word)) refused.push(word);
      continue;
    }
    const value = flag[2] !== '' ? flag[2]! : (words.shift() ?? '');
    if (flag[1] === 'o') readOption(value, settings, refused);
    else if (!settings.has(FLAGS[flag[1]!]!)) settings.set(FLAGS[flag[1]!]!, value);
  }
  return { settings, refused };
}

function readOption(text: string, settings: Map<SshSetting, string>, refused: string[]): void {
  const [, name = '', value = ''] = /^\s*([^\s=]+)\s*[=\s]\s*(.*)$/s.exec(text) ?? [];
  const setting = OPTIONS[name.toLowerCase()];
  if (setting === undefined) {
    if (!NEEDLESS.test(name.toLowerCase())) refused.push(`-o ${text}`);
  } else if (setting === 'host_keys' && !/^(?:yes|true|accept-new)$/i.test(value)) {
    refused.push(`-o ${text}`);
  } else if (!settings.has(setting)) {
    settings.set(setting, setting === 'host_keys' && value.toLowerCase() !== 'accept-new' ? 'strict' : value);
  }
}

import { accessSync, constants, readFileSync } from 'node:fs';
import { platform } from 'node:os';

const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

/** The reason, as one sentence, why no lab can run in this process; undefined when it can. */
export function labUnavailable(): string | undefined {
  if (platform() !== 'linux') return `The lab needs Linux, and this is ${platform()}.`;
  if (process.geteuid?.() !== 0) return 'The lab needs root, and this process is neither root nor run by sudo.';
  const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
  for (const capability of [CAP_NET_ADMIN, CAP_SYS_ADMIN]) {
    if (((held >> capability) & 1n) === 0n)
      return 'The lab needs to make mounts and networks, and this root (in a container?) may not.';
  }
  if (!isExecutable('/usr/bin/apt-get')) return 'The lab needs apt, and this machine has none.';
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

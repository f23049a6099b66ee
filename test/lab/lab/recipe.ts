import { createHash } from 'node:crypto';

/** What the hosts' shared root file system is made of. */
export type HostRecipe = {
  readonly release: string;
  /** On every host; deliberately no more than a small Debian server has, plus what the tests ask questions with. */
  readonly bare: readonly string[];
  /** Added on prepared hosts, and installable on bare ones from the lab's own apt source. */
  readonly prepared: readonly string[];
  /** Runs in the root of the bare image after its packages are in. */
  readonly finish: string;
};

export const hostRecipe: HostRecipe = {
  release: 'trixie',
  bare: [
    'ca-certificates',
    'curl',
    'dbus',
    'iproute2',
    'iputils-ping',
    'jq',
    'netcat-openbsd',
    'openssh-server',
    'procps',
    'sudo',
    'systemd',
    'systemd-sysv',
  ],
  prepared: [
    'conntrack',
    'containerd',
    'docker-cli',
    'docker-compose',
    'docker.io',
    'iptables',
    'keepalived',
    'nftables',
  ],
  finish: `
set -eu
useradd --create-home --shell /bin/bash deploy
printf 'deploy ALL=(ALL) NOPASSWD: ALL\\n' >/etc/sudoers.d/deploy
chmod 0440 /etc/sudoers.d/deploy
useradd --create-home --shell /bin/bash --groups sudo careful
echo careful:careful-password | chpasswd
rm -f /etc/ssh/ssh_host_* /etc/machine-id /var/lib/dbus/machine-id /etc/apt/sources.list.d/* /etc/resolv.conf
printf 'Acquire::Languages "none";\\n' >/etc/apt/apt.conf.d/lab
printf 'deb [trusted=yes] file:/srv/apt ./\\n' >/etc/apt/sources.list
mkdir -p /srv/apt
# Units that need a real machine or would change a host behind a test's back.
ln -sf /dev/null /etc/systemd/system/apt-daily.timer
ln -sf /dev/null /etc/systemd/system/apt-daily-upgrade.timer
ln -sf /dev/null /etc/systemd/system/fstrim.timer
ln -sf /dev/null /etc/systemd/system/systemd-modules-load.service
ln -sf /dev/null /etc/systemd/system/console-getty.service
ln -sf /dev/null /etc/systemd/system/getty@tty1.service
rm -rf /var/cache/apt/* /var/lib/apt/lists/* /var/cache/debconf/*-old
`,
};

/** The key under which a thing made from this recipe is cached: equal recipes, equal keys. */
export function recipeKey(recipe: unknown): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
}

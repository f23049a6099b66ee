import type { Scenario } from './scenario.ts';

/**
 * What may differ although nobody changed the host: /var/log, where every login leaves a line, and containerd's own
 * notes, which tell that a container in which promtool judged new rules came and went; and the files that runc has in
 * /tmp for a moment whenever Docker looks after a container's health. Outside of / stay /proc, /sys,
 * /dev and /run, which live in memory (units in /run are listed), and /var/lib/docker, which Docker itself is asked
 * about: the databases of running containers change all the time.
 */
const left = ['/var/log', '/var/lib/containerd', "'/tmp/runc-process*'"];

// A changed time tells of a write even where the bytes came out equal; folders are told by what is in them, since a
// temporary file that came and went moves their times.
const script = `
export LC_ALL=C
echo '# files'
find / /tmp /run/systemd/system /run/systemd/transient -xdev \\( ${left.map((path) => `-path ${path}`).join(' -o ')} \\) -prune -o \\
  \\( -type d -printf '%p %y %m %U:%G\\n' \\) -o -printf '%p %y %m %U:%G %s %T@ %C@ %l\\n' | sort
echo '# contents'
find /etc /opt /root /home /usr/local /var/lib/hadeploy -xdev -type f -exec sha256sum {} + 2>/dev/null | sort -k 2
echo '# firewall'
for save in iptables-save ip6tables-save; do
  ! command -v $save >/dev/null || $save | grep -v '^#' | sed 's/ \\[[0-9:]*\\]$//'
done
echo '# units'
systemctl list-unit-files --no-legend --plain
systemctl list-units --all --no-legend --plain --type service,socket,timer,target | awk '{ print $1, $2, $3 }'
echo '# docker'
if command -v docker >/dev/null; then
  docker ps -a --no-trunc --format '{{.ID}} {{.Names}} {{.Image}} {{.State}}' | sort
  docker ps -aq | xargs -r docker inspect -f '{{.Id}} {{.State.StartedAt}} {{.RestartCount}} {{.Config.Labels}}' | sort
  docker image ls -a --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}' | sort
  docker volume ls -q | sort
  docker network ls --no-trunc --format '{{.ID}} {{.Name}} {{.Driver}}' | sort
fi`;

/** Everything about the hosts that a change would show in, as lines: equal snapshots, untouched hosts. */
export async function snapshot({ on }: Scenario, hosts: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(hosts.map((host) => on(host, script)));
  return texts.flatMap((text, index) => text.split('\n').map((line) => `${hosts[index]} ${line}`));
}

/** The lines that two snapshots do not share. */
export function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ];
}

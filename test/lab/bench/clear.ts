import { join } from 'node:path';
import { must } from '../lab/command.ts';
import type { Lab } from '../lab/lab.ts';
import { succeed } from './measure.ts';

/** Everything that the stack has brought, but for packages (keepalived does not start without its `config-opts`) and images. */
const clearing = `systemctl disable --now keepalived hadeploy-vip-report hadeploy-chain-MONITORING hadeploy-chain-MONITORING-VRRP >/dev/null 2>&1
docker ps -aq | xargs -r docker rm -f >/dev/null
docker volume ls -q | xargs -r docker volume rm >/dev/null
docker network rm monitoring >/dev/null 2>&1
for program in iptables ip6tables; do
  $program-save -t filter | sed -n 's/^-A \\(.* -j MONITORING.*\\)$/-D \\1/p' | while read -r rule; do $program $rule; done
  for chain in MONITORING MONITORING-VRRP; do $program -F $chain; $program -X $chain; done 2>/dev/null
done
find /etc/keepalived -mindepth 1 ! -name keepalived.config-opts -delete
rm -rf /opt/hadeploy /etc/hadeploy /var/lib/hadeploy /etc/systemd/system/hadeploy-* /etc/systemd/system/keepalived.service.d
systemctl daemon-reload`;

/** Takes everything away but Docker and its images. */
export async function clearHosts(lab: Lab): Promise<void> {
  for (const { name } of lab.hosts.slice(0, 2)) {
    const { code, stderr } = await lab.exec(name, clearing);
    if (code !== 0) throw new Error(`${name} could not be cleared: ${stderr}`);
  }
}

/** The same, and then the files of the projects put in place. */
export async function clearForDocker(lab: Lab, bundles: string): Promise<void> {
  await clearHosts(lab);
  for (const { name } of lab.hosts.slice(0, 2)) {
    await must('sh', [
      '-euc',
      'tar -C "$3/opt" -c . | ssh -F "$1" "$2" "mkdir -p /opt/hadeploy/secrets; tar -C /opt/hadeploy -x; docker network create monitoring >/dev/null"',
      'sh',
      lab.sshConfig,
      name,
      join(bundles, name),
    ]);
  }
}

/** Docker's own part of a first apply. */
export function dockerAlone(lab: Lab) {
  const up = 'for one in /opt/hadeploy/*-[ab]; do (cd "$one" && docker compose up --detach --wait) & done; wait';
  const script = lab.hosts.slice(0, 2).map(({ name }) => `ssh -F '${lab.sshConfig}' ${name} '${up}' &`);
  return succeed({ argv: ['sh', '-c', [...script, 'wait'].join('\n')] });
}

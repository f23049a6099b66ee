import { lineByLine, type Script, sh } from '../../../posix/script.ts';
import { allContainers, objectsNamed } from '../../../resources/docker-looks.ts';
import { memberPlaces } from '../cells.ts';
import { instancesOf } from '../instances.ts';
import type { RuleText } from '../rule.ts';
import { type HostFinding, hostCheck, linesOf } from './host-check.ts';

interface Docker {
  /** Version of the engine; absent where none runs. */
  readonly engine?: string;
  readonly backend?: string;
  /** Whether `docker compose` is there. */
  readonly hasPlugin: boolean;
  /** Version of a compose that is a program of its own. */
  readonly standalone?: string;
  readonly folder?: string;
  /** Part of the file system of Docker's folder that is free, from 0 to 1. */
  readonly free?: number;
  readonly fileSystem?: string;
}

const brokenEngine: RuleText = {
  code: 'broken-engine',
  severity: 'error',
  title: 'Docker is not of version 29.5.0.',
  why: 'That version forgets no stale UDP flow when it maps a port: gossip stays cut after a container is made anew, and every page is sent twice.',
  mend: 'Install another version of Docker.',
  more: 'Later versions forget flows by the port inside of the container, which is the same as the one outside here.',
};

const oldEngine: RuleText = {
  code: 'old-engine',
  severity: 'warning',
  title: 'Docker is of version 28 or later.',
  why: 'Before 23 it forgets no stale UDP flow, and before 28 it may leave out the jump to DOCKER-USER, so that every published port is open after a restart.',
  mend: 'Install a newer Docker when you can.',
  more: 'hadeploy forgets stale flows itself, and looks for the jump on every run; between a restart of Docker and the next run nobody does.',
};

const oldCompose: RuleText = {
  code: 'old-compose',
  severity: 'error',
  title: 'Compose is the plugin `docker compose`.',
  why: 'docker-compose 1 fails on engines from 25 on when it makes a container anew, and cannot talk to 29 at all.',
  mend: 'Install the Compose plugin (docker-compose-v2, docker-compose-plugin or, from Debian 13 on, docker-compose).',
  more: 'A docker-compose 1 beside the plugin does no harm: it is not used.',
};

const nftablesBackend: RuleText = {
  code: 'nftables-backend',
  severity: 'error',
  title: 'Docker makes its rules with iptables.',
  why: 'With its nftables backend there is no DOCKER-USER chain: the rules that close ports would be ignored, and all of them open.',
  mend: 'Remove "firewall-backend" from /etc/docker/daemon.json and restart Docker.',
  more: 'iptables may well be the kind that writes into nf_tables itself (iptables-nft); this is about Docker alone.',
};

const diskFull: RuleText = {
  code: 'disk-nearly-full',
  severity: 'warning',
  title: 'A fifth of the disk that Docker uses is free.',
  why: 'Federators stop taking samples when it is full, and images of the next version have no room.',
  mend: 'Make room, or lower `retention` of the federators.',
  more: 'A sample takes 1 to 2 bytes: samples per second × seconds of retention × 2 is what a federator needs at the most.',
};

const dataOnNfs: RuleText = {
  code: 'data-on-nfs',
  severity: 'error',
  title: "Docker's folder is not on a network file system.",
  why: 'Prometheus does not support NFS: data is corrupted.',
  mend: "Move Docker's folder (`data-root`) to a local disk.",
  more: 'Federators and Alertmanagers keep their data in volumes there.',
};

/** What a host's Docker is like. */
export const dockerCheck = hostCheck<Docker>({
  name: 'preflight_docker',
  rules: [brokenEngine, oldEngine, oldCompose, nftablesBackend, diskFull, dataOnNfs],
  ask: ({ estate }, host) => {
    const here = instancesOf(estate).filter((one) => one.host === host);
    return sh`${lookAtContainers(here.slice(0, 1).map(({ name }) => name))}engine= backend= root= plugin=
if [ "$ps" = 0 ]; then
  engine=$(timeout 10 docker version --format '{{.Server.Version}}' 2>/dev/null)
  case $engine in
  '' | [0-9].* | 1[0-9].* | 2[0-8].*) ;;
  *) backend=$(timeout 20 docker info --format '{{.FirewallBackend.Driver}}' 2>/dev/null) ;;
  esac
  ${lineByLine(sh`for one in $objects; do case $one in */containers/*) root=\${one##*|}; root=\${root%/containers/*} ;; esac; done`)}
  [ -n "$root" ] || root=$(timeout 20 docker info --format '{{.DockerRootDir}}' 2>/dev/null)
  for dir in "$HOME/.docker" /usr/local/lib/docker /usr/local/libexec/docker /usr/lib/docker /usr/libexec/docker; do
    [ ! -x "$dir/cli-plugins/docker-compose" ] || plugin=yes
  done
  [ -n "$plugin" ] || plugin=$(timeout 20 docker info --format '{{json .ClientInfo.Plugins}}' 2>/dev/null | grep -o '"Name":"compose"')
fi
for dir in "$root" /var/lib/docker /var/lib /; do [ -d "$dir" ] && break; done
printf 'engine %s\nbackend %s\nfolder %s\n' "$engine" "$backend" "$root"
if [ -n "$plugin" ]; then echo 'plugin compose'; else printf 'standalone %s\n' "$(docker-compose version --short 2>/dev/null)"; fi
printf 'disk %s\n' "$(df -Pk "$dir" 2>/dev/null | tail -n 1)"
printf 'type %s\n' "$(stat -f -c %T "$dir" 2>/dev/null)"`;
  },
  parse: (answer) => {
    const [engine, backend, folder, standalone, type] = ['engine', 'backend', 'folder', 'standalone', 'type'].map(
      (word) => linesOf(answer, word)[0],
    );
    const [, blocks, used, available] = (linesOf(answer, 'disk')[0] ?? '').split(/\s+/).map(Number);
    return {
      ...(engine && { engine }),
      ...(backend && { backend }),
      ...(folder && { folder }),
      hasPlugin: linesOf(answer, 'plugin').length > 0,
      ...(standalone && { standalone }),
      ...(type && { fileSystem: type }),
      ...(blocks && { free: available! / (used! + available!) }),
    };
  },
  judge: (docker, { survey, host }) => {
    const { engine, backend, hasPlugin, standalone, free, folder = '/var/lib/docker', fileSystem = '' } = docker;
    const at = memberPlaces(survey.topology).get(host)!;
    const found: HostFinding[] = [];
    const add = (rule: RuleText, what: string) => found.push({ rule, what, at });
    const major = Number(engine?.split('.')[0]);
    if (engine?.startsWith('29.5.0')) add(brokenEngine, `Docker on ${host} is of version ${engine}.`);
    else if (major < 28) add(oldEngine, `Docker on ${host} is of version ${engine}.`);
    if (engine !== undefined && !hasPlugin && standalone?.startsWith('1.')) {
      add(oldCompose, `${host} has docker-compose ${standalone} and no plugin.`);
    }
    if (backend?.startsWith('nftables')) add(nftablesBackend, `Docker on ${host} uses its nftables backend.`);
    if (free !== undefined && free < 0.2) add(diskFull, `${folder} on ${host} has ${Math.floor(free * 100)} % free.`);
    if (fileSystem.startsWith('nfs')) add(dataOnNfs, `${folder} on ${host} is on ${fileSystem}.`);
    return found;
  },
});

/** The look at some containers by their names; `docker ps` tells beside it whether Docker answers at all. */
function lookAtContainers(names: readonly string[]): Script {
  return sh`${allContainers}${
    names.length === 0
      ? sh`objects=
`
      : objectsNamed(names)
  }`;
}

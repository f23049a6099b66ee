import type { Change } from '../change.ts';
import type { Circumstances } from '../kind.ts';
import { type ChainSpec, parentsOf } from './chain-spec.ts';
import type { SeenHost } from './look.ts';

/** Why a chain cannot be placed on a host so that it filters and lasts; undefined when nothing stands in the way. */
export function obstacle(spec: ChainSpec, seen: SeenHost, now: Circumstances): Change | undefined {
  const docker = parentsOf(spec).includes('DOCKER-USER');
  if (docker && seen.docker === 'nftables') {
    return blocked(spec, {
      why: 'Docker writes its rules with nftables here (firewall-backend); DOCKER-USER then filters nothing.',
      mend: 'Take "firewall-backend": "nftables" out of /etc/docker/daemon.json and restart Docker.',
    });
  }
  if (docker && seen.rival) {
    return blocked(spec, {
      why: 'Both iptables-nft and iptables-legacy have a chain DOCKER-USER, so it cannot be told which one Docker uses.',
      mend: 'Set the iptables that Docker shall use with update-alternatives, then reboot the host.',
    });
  }
  if (seen.v4.foreign || seen.v6?.foreign) {
    return blocked(spec, {
      why: 'The table filter holds rules that only nft can read; iptables refuses to touch it.',
      mend: 'See `nft list table ip filter` (or ip6), and keep rules of nft in a table of another name.',
    });
  }
  if (!seen.systemd) {
    return blocked(spec, {
      why: 'The host has no systemd, so the chain would be gone after a reboot.',
      mend: 'Take the host out of the play.',
    });
  }
  if (seen.variant === undefined && !now.disturbed) {
    return blocked(spec, {
      why: 'iptables is not installed.',
      mend: 'Let an earlier task install it: `package: {name: iptables}`.',
    });
  }
  return undefined;
}

function blocked(spec: ChainSpec, { why, mend }: { readonly why: string; readonly mend: string }): Change {
  return { action: 'blocked', what: `The chain ${spec.chain} cannot be put in place.`, why, mend };
}

import { type Script, sh } from '../../posix/script.ts';

// More than this is a range for which single look-ups in the connection table make no sense.
const most = 64;

/** The UDP ports that canonical rules name, in order; undefined when they are too many to name one by one. */
export function udpPorts(rules: string): readonly number[] | undefined {
  const ports = new Set<number>();
  for (const rule of rules.split('\n')) {
    if (!/(^| )-p udp /.test(rule)) continue;
    for (const [, list = ''] of rule.matchAll(/ --(?:dports?|ports|ctorigdstport) (\S+)/g)) {
      for (const range of list.split(',')) {
        const [low = 0, high = low] = range.split(':').map(Number);
        if (high - low >= most) return undefined;
        for (let port = low; port <= high; port++) ports.add(port);
      }
    }
  }
  return ports.size > most ? undefined : [...ports].sort((a, b) => a - b);
}

/**
 * Makes the kernel forget the UDP flows to these ports. A flow that is used stays known for ever, with the address
 * translation and the direction it began with, so neither a lost permission nor a new one would reach it.
 */
export function forgetUdp(ports: readonly number[]): Script {
  return sh`export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
command -v conntrack >/dev/null || exit 0
forget() {
  said=$(conntrack -D -f "$1" -p udp --orig-port-dst "$2" 2>&1) && return
  case $said in *' 0 flow entries'*) return 0 ;; esac
  printf '%s\n' "$said" >&2
  return 1
}
for port in ${ports.map(String)}; do
  forget ipv4 "$port" || exit
  [ ! -e /proc/net/if_inet6 ] || forget ipv6 "$port" || exit
done`;
}

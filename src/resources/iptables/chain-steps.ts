import { print, type Script, sh } from '../../posix/script.ts';
import type { Step } from '../step.ts';
import { type ChainSpec, parentsOf, wantedRules } from './chain-spec.ts';
import { chainFolder, chainPaths, chainUnits, removeChain, restoreText } from './keeper.ts';
import { filesToChange, isEnabled } from './kept.ts';
import type { SeenHost } from './look.ts';
import { forgetUdp } from './udp.ts';

/** The steps that bring a chain to its spec; `live` when rules or jumps differ, with the UDP ports to start anew. */
export function placeSteps(spec: ChainSpec, seen: SeenHost, live: boolean, udp: readonly number[]): readonly Step[] {
  const paths = chainPaths(spec.chain);
  const changed = [...filesToChange(spec, seen)];
  const units = changed.filter(([path]) => path === paths.bootUnit || path === paths.dockerUnit);
  const saved = changed.filter((file) => !units.includes(file));
  const steps: Step[] = [];
  if (saved.length > 0) steps.push({ do: 'run', what: `make ${chainFolder}`, script: sh`mkdir -p -- ${chainFolder}` });
  for (const [path, text] of saved) steps.push(fileStep(path, text, proofOf(spec, path)));
  if (live) steps.push({ do: 'run', what: `put the chain ${spec.chain} in place`, script: sh`sh ${paths.script}` });
  if (live && udp.length > 0) {
    steps.push({ do: 'run', what: `forget the UDP flows to port ${udp.join(', ')}`, script: forgetUdp(udp) });
  }
  for (const [path, text] of units) steps.push(fileStep(path, text));
  if (units.length > 0 || !isEnabled(spec, seen)) steps.push(enableStep(spec));
  return steps;
}

function fileStep(path: string, text: string | undefined, validate?: Script): Step {
  if (text === undefined) return { do: 'remove', path };
  return { do: 'write', path, content: text, mode: '0644', owner: 'root:root', ...(validate && { validate }) };
}

function enableStep(spec: ChainSpec): Step {
  const names = chainUnits(spec.chain, parentsOf(spec)).map((unit) => unit.name);
  const stale = chainUnits(spec.chain, ['DOCKER-USER']).filter(({ name }) => !names.includes(name));
  const links = stale.flatMap((unit) => unit.links);
  const drop = links.length > 0 ? sh`rm -f -- ${links}` : sh`:`;
  const script = sh`${drop} && systemctl --quiet daemon-reload && systemctl --quiet reenable -- ${names}`;
  return { do: 'run', what: `enable ${names.join(' and ')}`, script };
}

/** The steps that leave nothing of a chain. */
export function removeSteps(spec: ChainSpec, seen: SeenHost): readonly Step[] {
  const units = chainUnits(spec.chain, ['DOCKER-USER']);
  const files = Object.values(chainPaths(spec.chain)).filter((path) => seen.files.has(path));
  const steps: Step[] = [{ do: 'run', what: `take the chain ${spec.chain} away`, script: removeChain(spec.chain) }];
  if (files.length === 0 && seen.links.size === 0) return steps;
  const names = units.map((unit) => unit.name);
  // A unit whose file is gone cannot be disabled by systemctl, but its links can go.
  const links = units.flatMap((unit) => unit.links);
  const stop = sh`systemctl --quiet stop -- ${names} 2>/dev/null; rm -f -- ${links}`;
  steps.push({ do: 'run', what: `disable ${names.join(' and ')}`, script: stop });
  for (const path of files) steps.push({ do: 'remove', path });
  const tidy = sh`systemctl --quiet daemon-reload; rmdir -- ${chainFolder} 2>/dev/null || :`;
  steps.push({ do: 'run', what: 'let systemd forget the units', script: tidy });
  return steps;
}

function proofOf(spec: ChainSpec, path: string): Script | undefined {
  const paths = chainPaths(spec.chain);
  if (path === paths.rules) return sh`${prove('iptables')} <"$1"`;
  return path === paths.rules6 ? sh`[ ! -e /proc/net/if_inet6 ] || ${prove('ip6tables')} <"$1"` : undefined;
}

// `iptables-restore --test` accepts rules that the kernel then refuses; a network of its own is a real trial.
function prove(program: string): Script {
  return sh`{ PATH=$PATH:/usr/sbin:/sbin; unshare -n true 2>/dev/null || exit 0; unshare -n ${`${program}-restore`} --noflush; }`;
}

/** Proves the new rules with the host's own iptables and kernel, in a network namespace that is gone afterwards. */
export function proofScript(spec: ChainSpec): Script {
  const { rules, rules6 } = wantedRules(spec);
  return sh`${print(restoreText(spec.chain, rules))} | ${prove('iptables')} || exit
[ ! -e /proc/net/if_inet6 ] || ${print(restoreText(spec.chain, rules6))} | ${prove('ip6tables')}`;
}

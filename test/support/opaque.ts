import type { Deed } from '../../src/resources/change.ts';
import type { Resource } from '../../src/resources/resource.ts';

/** What a plan cannot show although it results from it: by `KIND VALUE`, with the reason. */
export const opaque: Readonly<Record<string, string>> = {
  'command effect': 'what a command does is known to the command alone; the plan shows when and why it runs',
  'service deed': 'that a restart or reload is due is shown; what the program then does differently is its own',
  'service process': 'the process id and the time of the start are the host’s to give',
  'user uid': 'where none is given, the host takes the next that is free',
  'user home content': 'the skeleton that useradd copies is the host’s',
  'package version': 'where none is pinned, the package source decides at that moment',
  'package files': 'what the package brings, and the services it starts, are known to its scripts',
  'image id': 'a tag means what the registry says at that moment; one with a digest is known',
  'compose container id': 'docker gives ids and start times',
  'iptables_chain counters': 'packet counters begin at nothing and run',
  'directory parents': 'those that are missing are made with mode 0755, and stay when the directory goes',
};

/** The rows of `opaque` that one change has a part in. */
export function opaqueIn({ kind, spec }: Resource, { action, fields }: Deed): readonly (keyof typeof opaque)[] {
  const says = (field: string) => fields.some((one) => one.field === field && one.to !== undefined);
  const given = spec as Readonly<Record<string, unknown>>;
  switch (kind) {
    case 'command':
      return ['command effect'];
    case 'service':
      return [...(action === 'run' ? ['service deed'] : []), ...(says('state') ? ['service process'] : [])];
    case 'user':
      if (action !== 'create') return [];
      return [
        ...(given['uid'] === undefined ? ['user uid'] : []),
        ...(given['system'] === true ? [] : ['user home content']),
      ];
    case 'package':
      return action === 'delete' ? [] : ['package version', 'package files'];
    case 'image':
      return ['image id'];
    case 'compose':
      return fields.some(({ field, to }) => field.startsWith('service ') && /created|started/.test(String(to)))
        ? ['compose container id']
        : [];
    case 'iptables_chain':
      return says('rules') ? ['iptables_chain counters'] : [];
    case 'directory':
      return action === 'create' ? ['directory parents'] : [];
    default:
      return [];
  }
}

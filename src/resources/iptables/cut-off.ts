import type { Change } from '../change.ts';
import { readRules } from './canonical.ts';
import { type ChainSpec, parentsOf, wantedRules } from './chain-spec.ts';
import { fateOf, type Packet } from './fate.ts';
import type { Came, SeenHost } from './look.ts';
import { printRule } from './rule.ts';

/**
 * Why rules for what comes to the host itself may not stay: they would stop the connection by which hadeploy came in,
 * or the next such one. Undefined where they would not, or where nobody knows how it came in.
 */
export function cutOff(spec: ChainSpec, { came }: SeenHost): Change | undefined {
  if (came === undefined || !parentsOf(spec).includes('INPUT')) return undefined;
  const family = came.client.includes(':') ? 6 : 4;
  const wanted = wantedRules(spec);
  const lines = (family === 4 ? wanted.rules : wanted.rules6).split('\n').filter(Boolean);
  const read = readRules(lines, family, spec.chain);
  if (!read.ok) return undefined;
  const packet = (state: Packet['state']): Packet => ({
    family,
    source: came.client,
    // The next connection comes from another port.
    sourcePort: state === 'NEW' ? undefined : came.clientPort,
    destination: came.server,
    port: came.port,
    input: came.input,
    state,
  });
  const [next, this_] = [fateOf(read.rules, packet('NEW')), fateOf(read.rules, packet('ESTABLISHED'))];
  const fate = next.stopped === 'no' ? this_ : next;
  if (fate.stopped === 'no') return undefined;
  const field = family === 4 ? 'rules' : 'rules6';
  const rule = printRule(fate.by);
  const stays = next.stopped !== 'no' && this_.stopped === 'no';
  return {
    action: 'blocked',
    code: 'cuts-off-ssh',
    what: `The chain ${spec.chain} ${fate.stopped === 'surely' ? 'stops' : 'may stop'} SSH from ${came.client} to port ${came.port}, by which hadeploy comes in.`,
    why: `${whyOf(fate.stopped, rule)}${stays ? ' What is established goes on, but no later run would come in.' : ''}`,
    mend: `Put before it in ${field}: "${permission(came, family)}".`,
  };
}

function whyOf(stopped: 'surely' | 'perhaps', rule: string): string {
  return stopped === 'surely'
    ? `It meets the rule "${rule}".`
    : `It may meet the rule "${rule}": that, or what comes before it, cannot be told from the rules alone.`;
}

function permission({ client, port }: Came, family: 4 | 6): string {
  return `-s ${client}/${family === 4 ? 32 : 128} -p tcp --dport ${port} -j RETURN`;
}

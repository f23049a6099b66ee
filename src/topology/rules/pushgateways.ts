import { secondsOf } from '../duration.ts';
import type { Rule } from './rule.ts';

const noVip: Rule = {
  code: 'no-vip',
  severity: 'warning',
  title: 'Pushgateways have an address that moves between them.',
  why: 'Pushers have to name one of the two servers, and their pushes fail while it is down.',
  mend: 'Give the cell `vip`, `interface` and `virtual_router_id`.',
  more: 'The address needs both servers in one layer 2 network; most clouds do not let an address move like this. There, let pushers try the second gateway when the first one fails: rules take the newest push of either.',
  find: ({ topology }) =>
    topology.pushgateways
      .filter(({ vip }) => vip === undefined)
      .map(({ name }) => ({ what: `${name} has no shared address.`, at: topology.at(['pushgateways', name], 'key') })),
};

const unknownPushPeriod: Rule = {
  code: 'unknown-push-period',
  severity: 'warning',
  title: 'It is known how often pushers push.',
  why: 'Without it nobody can tell a late pusher from a slow one, nor whether `max_age` drops what is still good.',
  mend: 'Set `push_period` to the longest period of any pusher.',
  more: 'Pushes that are late by three periods and two intervals of the federators raise PusherLate; before a gateway is replaced, one period is waited, so that every pusher has pushed to the other one.',
  find: ({ topology }) =>
    topology.pushgateways
      .filter(({ push_period }) => push_period === undefined)
      .map(({ name }) => ({ what: `${name} has no push_period.`, at: topology.at(['pushgateways', name], 'key') })),
};

const slowPush: Rule = {
  code: 'slow-push',
  severity: 'warning',
  title: 'Pushers push at least twice within the age at which a value counts no more.',
  why: 'One lost push would make live values vanish.',
  mend: 'Push more often, or raise `max_age`.',
  more: 'The age bounds how long a value from before a failover can be taken for the newest one: a gateway that starts anew is empty, and the other still shows what it was told long ago.',
  find: ({ topology }) =>
    topology.pushgateways.flatMap(({ name, push_period, max_age }) =>
      push_period !== undefined && 2 * secondsOf(push_period) > secondsOf(max_age)
        ? [
            {
              what: `Pushers of ${name} push every ${push_period}, and values count for ${max_age}.`,
              at: topology.at(['pushgateways', name, 'push_period']),
            },
          ]
        : [],
    ),
};

const longMaxAge: Rule = {
  code: 'long-max-age',
  severity: 'warning',
  title: 'A pushed value counts for 10m at the most.',
  why: 'Until then a value from before a failover looks like a live one.',
  mend: 'Lower `max_age` to twice or three times the push period.',
  more: 'A pushgateway shows the last push for ever and as if it were new. What is pushed once a day is better written to a file that a node exporter reads.',
  find: ({ topology }) =>
    topology.pushgateways
      .filter(({ max_age }) => secondsOf(max_age) > 600)
      .map(({ name, max_age }) => ({
        what: `Values pushed to ${name} count for ${max_age}.`,
        at: topology.at(['pushgateways', name, 'max_age']),
      })),
};

/** Rules of pushgateways and of those who push. */
export const pushgatewayRules: readonly Rule[] = [noVip, unknownPushPeriod, slowPush, longMaxAge];

import { isAtLeast, versionOf } from '../image.ts';
import { addressNumber, isPrivate } from './ipv4.ts';
import type { Rule } from './rule.ts';

const noPeerNames: Rule = {
  code: 'no-peer-names',
  severity: 'warning',
  title: 'With a backup, Alertmanagers are of version 0.30 or later.',
  why: 'Before, members stand in the order of their starts: a backup that is rarely restarted drifts to the front, and every page is 15s or 30s late.',
  mend: 'Take version 0.30 or later.',
  more: 'From 0.30 on members have names (--cluster.peer-name), and the names given here put notifiers before the backup. Until then the backup is started again after its notifiers whenever they change; a notifier that restarts by itself still falls behind, and the alert AlertmanagerBackupInFront says so.',
  find: ({ topology }) =>
    topology.alertmanagers
      .filter(({ backup, image }) => backup !== undefined && versionOf(image) && !isAtLeast(image, [0, 30]))
      .map(({ name, image }) => ({
        what: `${name} has a backup and version ${versionOf(image)!.join('.')}.`,
        at: topology.at(['alertmanagers', name, 'backup']),
      })),
};

const labelTooEarly: Rule = {
  code: 'label-too-early',
  severity: 'error',
  title: 'A label for gossip needs Alertmanager 0.26 or later.',
  why: 'Earlier versions stop at the flag --cluster.label, which they do not know.',
  mend: 'Take version 0.26 or later, or leave the label out.',
  more: 'The label keeps clusters apart that can reach each other by mistake. It is no secret: it travels in the clear. Setting, changing or removing it parts the members that have it from those that have not until the roll is through; meanwhile pages may come twice.',
  find: ({ topology }) =>
    topology.alertmanagers
      .filter(({ label, image }) => label !== undefined && versionOf(image) && !isAtLeast(image, [0, 26]))
      .map(({ name, image }) => ({
        what: `${name} has a label and version ${versionOf(image)!.join('.')}.`,
        at: topology.at(['alertmanagers', name, 'label']),
      })),
};

const publicGossip: Rule = {
  code: 'public-gossip',
  severity: 'warning',
  title: 'Alertmanagers gossip over a private network.',
  why: 'Gossip is neither encrypted nor does it ask who one is: whoever can send as a peer reads and changes silences.',
  mend: 'Set `monitoring_address` of the hosts to addresses of a private network or of a tunnel.',
  more: 'The firewall lets in the other members alone, but takes their addresses at face value. Private are 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and 100.64.0.0/10.',
  find: ({ topology, estate }) =>
    topology.alertmanagers.flatMap(({ name }) => {
      const open = estate.alertmanagers.filter(({ cell, address, peers }) => {
        const number = addressNumber(address);
        return cell === name && peers.length > 0 && number !== undefined && !isPrivate(number);
      });
      if (open.length === 0) return [];
      const what = `${name} gossips over ${open.map(({ address }) => address).join(', ')}.`;
      return [{ what, at: topology.at(['alertmanagers', name], 'key') }];
    }),
};

const severalClusters: Rule = {
  code: 'several-clusters',
  severity: 'warning',
  title: 'There is one cluster of Alertmanagers.',
  why: 'Federators tell all notifiers, and clusters know nothing of each other: each notifies of every alert.',
  mend: 'Put the notifiers into one cluster, unless each alert shall be notified by every cluster.',
  more: 'Members of a cluster agree on who notifies; two clusters are two voices.',
  find: ({ topology }) =>
    topology.alertmanagers.slice(1).map(({ name }) => ({
      what: `${name} notifies of every alert, as ${topology.alertmanagers[0]!.name} does.`,
      at: topology.at(['alertmanagers', name], 'key'),
    })),
};

/** Rules of clusters of Alertmanagers. */
export const alertmanagerRules: readonly Rule[] = [noPeerNames, labelTooEarly, publicGossip, severalClusters];

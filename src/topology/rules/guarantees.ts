/** An invariant that nobody can break, because the values it speaks of are derived and never written. */
export interface Guarantee {
  /** Permanent name, in kebab-case; not among the codes of rules. */
  readonly code: string;
  /** The invariant, as one sentence. */
  readonly title: string;
  readonly why: string;
  /** What sees to it. */
  readonly by: string;
}

/** Invariants that hold by construction, and what makes them hold. Those of the estate are proved over random topologies. */
export const guarantees: readonly Guarantee[] = [
  {
    code: 'pair-scrapes-alike',
    title:
      'Both scrapers of a pair have the same jobs, intervals and relabelings, and differ in the label `scraper` alone.',
    why: 'Rules take the greater of two values: of two that measure different things it would be neither.',
    by: 'Both are derived from one cell of topology.yml.',
  },
  {
    code: 'all-are-read',
    title: 'Each federator reads every scraper and every pushgateway by the address of its server.',
    why: 'A gateway that nobody reads loses what is pushed to it after the address has moved.',
    by: 'The targets of federators are derived from all instances of the estate.',
  },
  {
    code: 'no-shared-address-is-read',
    title: 'No shared address is among the targets of federators or the Alertmanagers they tell.',
    why: 'One series would have two sources, and one notifier would hear of alerts that the other does not.',
    by: 'Targets are made of the addresses of hosts; what users write is checked by `vip-as-target` and `vip-taken`.',
  },
  {
    code: 'gateways-are-told-apart',
    title: 'Each pushgateway is read with its own `pushgateway_set` and `pushgateway` labels.',
    why: 'Two gateways with the same series and no label between them alternate: 22, 11, 22, 11.',
    by: 'Both labels are derived from the cell and the replica; the jobs honor the labels that pushers set.',
  },
  {
    code: 'federators-tell-notifiers',
    title: 'Both federators tell all notifiers, and never the backup.',
    why: 'A notifier that is not told cannot take over, and a backup that is told would notify.',
    by: 'The Alertmanagers of federators are derived from the notifiers of each cluster.',
  },
  {
    code: 'federators-see-each-other',
    title: 'Each federator reads the other, itself and every Alertmanager, the backup included.',
    why: 'Whoever is dead cannot tell that it is.',
    by: 'The jobs of the estate itself are derived from its instances.',
  },
  {
    code: 'replica-labels-differ',
    title:
      'The two of a pair have different replica labels; scrapers and federators have theirs under different names, and alerts lose the one of federators.',
    why: 'Series of two sources would be one, or alerts of two federators two.',
    by: 'Labels are derived from the place of a host in its cell; alert_relabel_configs drop `federator` and nothing else.',
  },
  {
    code: 'peers-are-the-others',
    title:
      "Alertmanagers know exactly the other members of their cluster, by their servers' addresses and the published port.",
    why: 'A container that advertises its own address looks like a member, and pages come twice.',
    by: 'Peers are derived from the cell; the advertised address is that of the host.',
  },
  {
    code: 'notifiers-sort-first',
    title: 'Names of peers are unique and sort notifiers before the backup.',
    why: 'Whoever sorts first notifies at once; everybody behind waits 15s longer.',
    by: 'Names are derived: 1-… for notifiers, 9-… for the backup.',
  },
  {
    code: 'gossip-has-both-protocols',
    title: 'Gossip is let in over TCP and UDP from the other members, and from nobody else.',
    why: 'Without UDP everything looks healthy and every page is sent twice.',
    by: 'Flows are derived in pairs; the role publishes the port for both protocols.',
  },
  {
    code: 'holders-agree',
    title:
      'Of the two that share an address each has the other as its peer, priorities from 1 to 254 differ, and everything else is equal.',
    why: 'Adverts that do not fit are refused, and both hold the address.',
    by: 'Both are derived from one cell; the role sets BACKUP, nopreempt and trackers without weight on both.',
  },
  {
    code: 'nothing-else-is-open',
    title:
      'A host lets in what some instance needs, and what `firewall` names; a source of 0.0.0.0/0 is there only if it was written.',
    why: 'A port that Docker publishes is open to everybody, past the INPUT chain.',
    by: 'Allowed flows are derived from who reads, tells and gossips with whom; all other published ports are dropped.',
  },
  {
    code: 'ports-are-the-same-inside',
    title: 'A container listens on the port that its host publishes.',
    why: 'Firewall rules see the port inside, peers the one outside; UDP flows are forgotten by the one inside.',
    by: 'An instance has one port, which roles use for both.',
  },
  {
    code: 'one-version-in-a-cell',
    title: 'All instances of a cell run one image.',
    why: 'Gossip and stored data are only tested between neighbouring versions.',
    by: 'A cell has one image; a change of it is rolled out one instance after the other.',
  },
];

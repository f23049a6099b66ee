import { expect, it } from 'vitest';
import { graphOf } from '../../../src/topology/graph.ts';
import { mermaidOf } from '../../../src/topology/mermaid.ts';
import { derived } from './projects.ts';

const smallest = `cluster: small
versions: {alertmanager: "prom/alertmanager:v0.28.1", pushgateway: "prom/pushgateway:v1.11.0"}
pushgateways:
  p1: {hosts: [mon-a, mon-b], vip: 10.0.0.50/24, interface: eth0, virtual_router_id: 51}
alertmanagers:
  am1: {notifiers: [mon-a], backup: mon-b}
firewall: {allow: [{from: [10.0.9.0/24], to: [pushgateways]}]}
`;

it('is a flowchart with a box for each server', () => {
  expect(mermaidOf(graphOf(derived(smallest).estate))).toBe(`flowchart LR
  subgraph host0 ["mon-a<br>10.0.0.1"]
    n0["p1-a<br>:9091"]
    n1["am1-a<br>:9093"]
  end
  subgraph host1 ["mon-b<br>10.0.0.2"]
    n2["p1-b<br>:9091"]
    n3["am1-b<br>:9093, backup"]
  end
  n4{{"10.0.0.50:9091<br>VIP of p1"}}
  n5(["10.0.9.0/24"])
  n4 -.->|held by one| n0
  n4 -.->|held by one| n2
  n1 <-->|gossips| n3
  n0 <-.->|VRRP| n2
  n5 -->|pushes| n4
`);
});

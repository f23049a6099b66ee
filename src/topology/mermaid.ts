import type { EdgeKind, Graph, Node } from './graph.ts';

const ARROWS: Readonly<Record<EdgeKind, string>> = {
  scrape: '-->|scrapes|',
  notify: '==>|notifies|',
  gossip: '<-->|gossips|',
  push: '-->|pushes|',
  holds: '-.->|held by one|',
  vrrp: '<-.->|VRRP|',
  allow: '-.->|opens|',
};

/** The picture as a Mermaid flowchart, which several code hosts draw where it stands in a document. */
export function mermaidOf(graph: Graph): string {
  const ids = new Map<string, string>();
  const idOf = (id: string) => {
    const known = ids.get(id) ?? `n${ids.size}`;
    ids.set(id, known);
    return known;
  };
  const lines = [
    'flowchart LR',
    ...graph.hosts.flatMap(({ name, address, nodes }, index) => [
      `  subgraph host${index} [${label([name, name === address ? '' : address])}]`,
      ...nodes.map((node) => `    ${nodeText(node, idOf)}`),
      '  end',
    ]),
    ...graph.outside.map((node) => `  ${nodeText(node, idOf)}`),
    ...graph.edges.map(({ from, to, kind }) => `  ${idOf(from)} ${ARROWS[kind]} ${idOf(to)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function nodeText({ id, kind, lines }: Node, idOf: (id: string) => string): string {
  const text = label(lines);
  return `${idOf(id)}${kind === 'vip' ? `{{${text}}}` : kind === 'client' ? `([${text}])` : `[${text}]`}`;
}

function label(lines: readonly string[]): string {
  const text = lines.filter((line) => line !== '').join('<br>');
  return `"${text.replaceAll('"', '#quot;')}"`;
}

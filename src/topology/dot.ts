import type { EdgeKind, Graph, Node } from './graph.ts';

const FILLS: Readonly<Record<Node['kind'], string>> = {
  scraper: '#dbeafe',
  pushgateway: '#fef3c7',
  federator: '#dcfce7',
  alertmanager: '#fee2e2',
  exporters: '#f3f4f6',
  vip: '#fde68a',
  client: '#f3f4f6',
};

interface Line {
  readonly words: string;
  readonly colour: string;
  readonly style?: string;
  /** Both ends are equal. */
  readonly mutual?: true;
}

const LINES: Readonly<Record<EdgeKind, Line>> = {
  scrape: { words: 'scrapes', colour: '#2563eb' },
  notify: { words: 'notifies (and scrapes)', colour: '#dc2626' },
  gossip: { words: 'gossips with', colour: '#9333ea', mutual: true },
  push: { words: 'pushes to', colour: '#d97706' },
  holds: { words: 'is held by one of', colour: '#d97706', style: 'dashed' },
  vrrp: { words: 'agrees on the VIP with', colour: '#92400e', style: 'dotted', mutual: true },
  allow: { words: 'may open', colour: '#6b7280', style: 'dashed' },
};

/** The picture as text for Graphviz: a box for each server, and a legend of the kinds of lines that occur. */
export function dotOf(graph: Graph): string {
  const kindOf = new Map(graph.hosts.flatMap(({ nodes }) => nodes).map(({ id, kind }) => [id, kind]));
  const kinds = (Object.keys(LINES) as EdgeKind[]).filter((kind) => graph.edges.some((edge) => edge.kind === kind));
  const lines = [
    'digraph estate {',
    '  graph [rankdir=LR, fontname="Helvetica", fontsize=12, labelloc=b, nodesep=0.25, ranksep=1.1, newrank=true];',
    '  node [shape=box, style="rounded,filled", color="#9ca3af", fontname="Helvetica", fontsize=11];',
    '  edge [arrowsize=0.7];',
    `  label=<<b>${escaped(graph.title)}</b>${kinds.map(legendOf).join('')}>;`,
    ...graph.hosts.flatMap(({ name, address, nodes }) => [
      `  subgraph ${quoted(`cluster ${name}`)} {`,
      `    label=${quoted(name === address ? name : `${name}\n${address}`)}; labelloc=t; labeljust=l; style=rounded; color="#6b7280";`,
      ...nodes.map((node) => `    ${nodeText(node)}`),
      '  }',
    ]),
    ...graph.outside.map((node) => `  ${nodeText(node)}`),
    ...graph.edges.map(({ from, to, kind }) => {
      const { words, colour, style, mutual } = LINES[kind];
      const tooltip = quoted(`${from} ${words} ${to}`);
      const look = [
        `color="${colour}"`,
        `edgetooltip=${tooltip}`,
        ...(style === undefined ? [] : [`style=${style}`]),
        ...(mutual ? ['dir=both'] : []),
        // Ties between equals must not push one of them a column further.
        ...(kindOf.has(from) && kindOf.get(from) === kindOf.get(to) ? ['constraint=false'] : []),
      ];
      return `  ${quoted(from)} -> ${quoted(to)} [${look.join(', ')}];`;
    }),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function legendOf(kind: EdgeKind): string {
  const { words, colour, style, mutual } = LINES[kind];
  const stroke = style === undefined ? '──' : '- -';
  return ` &#160;&#160; <font color="${colour}">${mutual ? '◂' : ''}${stroke}▸ ${escaped(words)}</font>`;
}

function nodeText({ id, kind, lines }: Node): string {
  const shape = kind === 'vip' ? ', shape=hexagon, style=filled' : kind === 'client' ? ', style="dashed"' : '';
  return `${quoted(id)} [label=${quoted(lines.filter((line) => line !== '').join('\n'))}, fillcolor="${FILLS[kind]}"${shape}];`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

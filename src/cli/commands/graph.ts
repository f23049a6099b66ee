import { Refusal, unwrap } from '../../diagnostics/diagnostic.ts';
import { dotOf } from '../../topology/dot.ts';
import { graphOf } from '../../topology/graph.ts';
import { mermaidOf } from '../../topology/mermaid.ts';
import { exitCodes } from '../exit-code.ts';
import { loadInventory } from '../load.ts';
import { print, printFaults } from '../output.ts';

/** `hadeploy graph`: the picture of the estate in an inventory's topology.yml; the exit code. */
export async function showGraph(
  path: string,
  options: { readonly format: 'svg' | 'mermaid' | 'dot' },
): Promise<number> {
  const read = loadInventory(path);
  const { estate, inventory } = unwrap(read);
  printFaults(read.ok ? read.warnings : []);
  if (!estate) {
    const what = `${inventory.path} has no topology.yml, so there is nothing to draw.`;
    const mend = `Describe the cells of the estate in ${inventory.path}/topology.yml.`;
    throw new Refusal([{ code: 'no-topology', severity: 'error', what, mend }]);
  }
  const graph = graphOf(estate);
  if (options.format === 'mermaid') print(mermaidOf(graph).trimEnd());
  else if (options.format === 'dot') print(dotOf(graph).trimEnd());
  else print((await drawn(dotOf(graph))).trimEnd());
  return exitCodes.done;
}

// Graphviz is megabytes of WebAssembly, which only this command needs.
async function drawn(dot: string): Promise<string> {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  const graphviz = await Graphviz.load();
  return graphviz.dot(dot, 'svg');
}

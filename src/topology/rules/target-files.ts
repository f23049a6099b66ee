import type { Place } from '../../diagnostics/diagnostic.ts';
import { textOf } from '../../diagnostics/project.ts';
import { isMapping } from '../../inventory/setting.ts';
import { readYaml } from '../../yaml/yaml.ts';
import type { ExporterGroup } from '../topology.ts';
import type { Survey } from './rule.ts';

/** A target of a group as it is written somewhere. */
export interface WrittenTarget {
  /** `host:port`. */
  readonly target: string;
  /** Labels that stand beside it in a file; those of the group are not among them. */
  readonly labels: Readonly<Record<string, unknown>>;
  readonly at: Place;
  /** Place of one of those labels. */
  labelAt(name: string): Place;
}

/** The targets of a group: those of topology.yml, and those of its files (a file that cannot be read has none). */
export function targetsOf({ topology, project }: Survey, group: ExporterGroup): readonly WrittenTarget[] {
  const own = group.targets.map((target, index) => {
    const at = topology.at(['exporters', group.name, 'targets', index]);
    return { target, labels: {}, at, labelAt: () => at };
  });
  const filed = group.file_sd.flatMap((file) => {
    const read = readYaml(file, textOf(project, file) ?? '');
    if (!read.ok || !Array.isArray(read.value.value)) return [];
    const document = read.value;
    return read.value.value.filter(isMapping).flatMap(({ targets, labels }, entry) =>
      (Array.isArray(targets) ? targets : []).map((target, index) => ({
        target: String(target),
        labels: isMapping(labels) ? labels : {},
        at: document.at([entry, 'targets', index]),
        labelAt: (name: string) => document.at([entry, 'labels', name], 'key'),
      })),
    );
  });
  return [...own, ...filed];
}

import type { Diagnostic, Place } from '../../diagnostics/diagnostic.ts';
import { textOf } from '../../diagnostics/project.ts';
import { isMapping, type Mapping, type Path } from '../../inventory/setting.ts';
import { readYaml } from '../../yaml/yaml.ts';
import type { AlertmanagerCell } from '../topology.ts';
import type { Survey } from './rule.ts';

/** The notifiers' configuration of one cluster. */
export interface NotifierConfig {
  readonly cell: AlertmanagerCell;
  readonly value: Mapping;
  at(path: Path, what?: 'key' | 'value'): Place;
}

/** One route with its place; settings that it leaves out are those of its parent. */
export interface Route {
  readonly path: Path;
  readonly value: Mapping;
  /** With what it inherits. */
  readonly settings: Mapping;
}

/** The configurations of all clusters, and the faults of files that cannot be read. */
export function notifierConfigs({ topology, project }: Survey): {
  readonly configs: readonly NotifierConfig[];
  readonly faults: readonly Diagnostic[];
} {
  const configs: NotifierConfig[] = [];
  const faults: Diagnostic[] = [];
  for (const cell of topology.alertmanagers) {
    const read = readYaml(cell.config, textOf(project, cell.config) ?? '');
    if (!read.ok) faults.push(...read.faults);
    else if (isMapping(read.value.value)) configs.push({ cell, value: read.value.value, at: read.value.at });
  }
  return { configs, faults };
}

/** All routes of a configuration, each after the one it stands in. */
export function routesOf({ value }: NotifierConfig): readonly Route[] {
  return isMapping(value['route']) ? routesBelow(['route'], value['route'], {}) : [];
}

function routesBelow(path: Path, value: Mapping, inherited: Mapping): readonly Route[] {
  const { routes, matchers: _, match: __, match_re: ___, ...own } = value;
  const settings = { ...inherited, ...own };
  const children = (Array.isArray(routes) ? routes : []).flatMap((route, index) =>
    isMapping(route) ? routesBelow([...path, 'routes', index], route, settings) : [],
  );
  return [{ path, value, settings }, ...children];
}

/** The receivers of a configuration by their names, each with its index. */
export function receiversOf({ value }: NotifierConfig): ReadonlyMap<string, number> {
  const receivers = Array.isArray(value['receivers']) ? value['receivers'] : [];
  return new Map(receivers.flatMap((one, index) => (isMapping(one) ? [[String(one['name']), index] as const] : [])));
}

import { Failure } from '../../fault.ts';
import { yamlText } from '../../formats/yaml-text.ts';
import { isTrue } from '../../values/compare.ts';
import { boundSize } from '../../values/limits.ts';
import type { Val } from '../../values/values.ts';
import { type Bound, flag, whole } from '../arguments.ts';
import { filter, type Operations } from '../builtin.ts';

const noParser = filter([], () => {
  throw new Failure('unsupported', 'There is no YAML parser here to read with.', {
    mend: 'Keep the data in a vars file, which is read as YAML already.',
  });
});

/** Filters to YAML; reading it needs a parser, which only a filter from outside can have. */
export const YAML_FILTERS: Operations = {
  from_yaml: noParser,
  from_yaml_all: noParser,
  to_nice_yaml: filter(['indent?', 'width?', 'sort_keys?', 'default_flow_style?'], (input, [indent, ...rest]) =>
    write(input, [indent === undefined ? 4 : indent, ...rest], false),
  ),
  to_yaml: filter(['*none', 'indent?', 'width?', 'sort_keys?', 'default_flow_style?'], (input, [, ...rest]) =>
    write(input, rest, undefined),
  ),
};

function write(input: Val, [indent, width, sortKeys, flow]: Bound, defaultFlow: boolean | undefined): string {
  const written = yamlText(input, {
    indent: indent === null ? 2 : whole(indent, 2),
    width: width === null ? 80 : whole(width, 80),
    sortKeys: flag(sortKeys, true),
    flow: flow === undefined ? defaultFlow : flow === null ? undefined : isTrue(flow),
  });
  boundSize(written.length);
  return written;
}

import { str } from '../../python/python-text.ts';
import { Tuple, type Val } from '../../values/values.ts';
import { listItems, text } from '../arguments.ts';
import { filter, type Operations } from '../builtin.ts';

/** Filters on POSIX paths; none of them looks at a disk. */
export const PATH_FILTERS: Operations = {
  basename: filter([], (input) => str(input).slice(str(input).lastIndexOf('/') + 1)),
  dirname: filter([], (input) => dirname(str(input))),
  path_join: filter([], (input) => (typeof input === 'string' ? input : joined(listItems(input)))),
  splitext: filter([], (input) => new Tuple(splitext(str(input)))),
};

function dirname(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

function joined(parts: readonly Val[]): string {
  return parts
    .map((part) => text(part))
    .reduce((path, part) => {
      if (part.startsWith('/')) return part;
      return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
    });
}

function splitext(path: string): [string, string] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || /^\.+$/.test(name.slice(0, dot))) return [path, ''];
  const cut = path.length - name.length + dot;
  return [path.slice(0, cut), path.slice(cut)];
}

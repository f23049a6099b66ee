import type { Chance } from './chance.ts';

type Kind = 'int' | 'float' | 'str' | 'bool' | 'list' | 'dict' | 'any';

interface Names {
  /** Variables that inner scopes have added. */
  readonly extra: readonly string[];
}

const VARIABLES: Readonly<Record<Exclude<Kind, 'any'>, readonly string[]>> = {
  int: ['n', 'zero', 'neg'],
  float: ['f'],
  str: ['s', 'word', 'empty', 'lines', 'csv', 'uni', 'number_text'],
  bool: ['t', 'no'],
  list: ['list', 'words', 'mixed', 'nested', 'none_list', 'hosts'],
  dict: ['d', 'ports'],
};

const KINDS = ['int', 'float', 'str', 'bool', 'list', 'dict'] as const;

/** Expressions of a kind, mostly: now and then something else, to see that the same mistakes are refused. */
export class Generator {
  readonly chance: Chance;
  /** One expression in so many is undefined, and about as many are of the wrong kind. */
  readonly mistakes: number;
  constructor(chance: Chance, mistakes = 40) {
    this.chance = chance;
    this.mistakes = mistakes;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.chance(choices.length)]!;
  }

  expression(kind: Kind, depth: number, names: Names = { extra: [] }): string {
    if (this.chance(this.mistakes) === 0)
      return this.pick(['missing', 'd.nope', 'nothing', 'd.y.nope.more', 'hosts[9]']);
    if (names.extra.length > 0 && this.chance(5) === 0) return this.pick(names.extra);
    const wanted = kind === 'any' ? this.pick(KINDS) : this.chance(this.mistakes) < 2 ? this.pick(KINDS) : kind;
    if (depth <= 0) return this.leaf(wanted);
    const one = (inner: Kind = 'any'): string => this.expression(inner, depth - 1, names);
    switch (wanted) {
      case 'int':
        return this.pick([
          () => this.leaf('int'),
          () => `(${one('int')} ${this.pick(['+', '-', '*', '//', '%'])} ${one('int')})`,
          () => `${one('int')} ${this.pick(['+', '-', '*', '//', '%'])} ${this.leaf('int')}`,
          () => `${this.leaf('int')} ** ${this.pick(['0', '2', '3', 'n', 'neg'])}`,
          () => `(-${one('int')})`,
          () => `${this.wrap(one(this.pick(['list', 'str', 'dict'])))} | ${this.pick(['length', 'count'])}`,
          () => `${this.wrap(one('any'))} | int${this.pick(['', '(3)', '(default=-1)', '(0, 16)', '(base=8)'])}`,
          () => `${this.wrap(one('str'))}.${this.pick(['find', 'count', 'rfind', 'index'])}(${one('str')})`,
          () => `${this.wrap(one('float'))} | round | int`,
          () => `${this.wrap(one('int'))} | abs`,
          () => `(${one('list')} | ${this.pick(['sum', 'first', 'last', 'min', 'max'])})`,
          () => `hosts | ${this.pick(['sum', 'map'])}(attribute='n')${this.pick(['', ' | list', ' | max'])}`,
          () => `${this.wrap(one('str'))} | wordcount`,
        ])();
      case 'float':
        return this.pick([
          () => this.leaf('float'),
          () => `(${one('float')} ${this.pick(['+', '-', '*', '/', '//', '%'])} ${one(this.pick(['int', 'float']))})`,
          () => `${one('int')} / ${this.leaf('int')}`,
          () => `${this.wrap(one('any'))} | float${this.pick(['', '(1.5)', '(default=0.5)'])}`,
          () => `${this.wrap(one('float'))} | round(${this.pick(['', '1', '2', "1, 'ceil'", "2, 'floor'", '-1'])})`,
          () => `${this.wrap(one('float'))} | abs`,
          () => `${this.leaf('int')} ** -${this.chance(4)}`,
        ])();
      case 'str':
        return this.text(one);
      case 'bool':
        return this.condition(one);
      case 'list':
        return this.list(one);
      case 'dict':
        return this.pick([
          () => this.leaf('dict'),
          () => `{${this.pick(["'a'", '1', 'true', "'b c'", 'word', '(1, 2)'])}: ${one()}, 'z': ${one()}}`,
          () => `dict(a=${one()}, b=${one()})`,
          () => `dict([(${this.leaf('str')}, ${one()})], k=${one('int')})`,
          () => `d.y`,
          () => `hosts[${this.pick(['0', '-1', 'zero'])}]`,
          () => `${this.wrap(one('list'))} | first`,
        ])();
    }
  }

  wrap(expression: string): string {
    return /^[\w.]+$/.test(expression) && !/^\d/.test(expression) ? expression : `(${expression})`;
  }

  leaf(kind: Kind): string {
    switch (kind) {
      case 'int':
        return this.pick([
          ...VARIABLES.int,
          '0',
          '1',
          '2',
          '7',
          '10',
          '0x1f',
          '1_000',
          '9007199254740993',
          'd.x',
          'list[0]',
        ]);
      case 'float':
        return this.pick([...VARIABLES.float, '0.5', '1.0', '2.675', '1e3', '1.5e-7', '3e20', '10.25']);
      case 'str':
        return this.pick([
          ...VARIABLES.str,
          "''",
          "'a'",
          '"it\'s"',
          "'x\\ny'",
          "'a b  c'",
          "'Ü'",
          '"{{ no }}"',
          'd.y.z',
          'hosts[1].name',
          "'%'",
          "'1.5'",
          "'-'",
          "','",
        ]);
      case 'bool':
        return this.pick([...VARIABLES.bool, 'true', 'False', 'hosts[0].on']);
      case 'list':
        return this.pick([
          ...VARIABLES.list,
          '[]',
          '[1, 2, 3]',
          "['b', 'a']",
          '(1, 2)',
          'range(4)',
          'd.y.list',
          "('x',)",
          'range(5, 0, -2)',
        ]);
      case 'dict':
        return this.pick([...VARIABLES.dict, '{}', "{'k': 1}", 'hosts[0]']);
      default:
        return this.leaf(this.pick(KINDS));
    }
  }

  text(one: (kind?: Kind) => string): string {
    const self = (): string => this.wrap(one('str'));
    return this.pick([
      () => this.leaf('str'),
      () => `(${one('str')} ~ ${one()})`,
      () => `(${one('str')} + ${one('str')})`,
      () => `(${one('str')} * ${this.pick(['2', '0', '3', 'n'])})`,
      () =>
        `${self()}.${this.pick(['upper', 'lower', 'title', 'capitalize', 'strip', 'lstrip', 'rstrip', 'swapcase', 'casefold'])}()`,
      () => `${self()}.${this.pick(['strip', 'lstrip', 'rstrip'])}(${this.leaf('str')})`,
      () => `${self()}.replace(${one('str')}, ${this.leaf('str')}${this.pick(['', ', 1', ', -1', ', 0'])})`,
      () =>
        `${self()}.${this.pick(['center', 'ljust', 'rjust'])}(${this.pick(['3', '10', '21'])}${this.pick(['', ", '*'"])})`,
      () => `${self()}.zfill(${this.pick(['1', '8', '15'])})`,
      () => `${self()}.join(${one('list')})`,
      () =>
        `${self()} | ${this.pick(['upper', 'lower', 'title', 'capitalize', 'trim', 'string', 'reverse', 'urlencode', 'striptags', 'e', 'forceescape', 'safe'])}`,
      () => `${self()} | trim(${this.leaf('str')})`,
      () => `${self()} | replace(${one('str')}, ${this.leaf('str')}${this.pick(['', ', 1', ', count=2'])})`,
      () => `${self()} | indent(${this.pick(['', '2', '2, true', 'first=true', '3, blank=true', "'> '"])})`,
      () => `${self()} | truncate(${this.pick(['3', '5, true', "7, false, '..'", "4, true, '', 0", '255'])})`,
      () => `${self()} | center(${this.pick(['', '5', '20', 'width=31'])})`,
      () => `${self()} | wordwrap(${this.pick(['', '5', '8, false', "6, true, '|'", '10, break_on_hyphens=false'])})`,
      () => `${this.wrap(one('list'))} | join(${this.pick(['', "','", "', '", "d='-'"])})`,
      () => `hosts | map(attribute='${this.pick(['name', 'ip', 'n', 'nope'])}') | join('${this.pick([',', ' '])}')`,
      () => `'${this.pick(['%s', '%5s|', '%-5s|', '%.2s', '%r'])}' | format(${one()})`,
      () =>
        `'${this.pick(['%d', '%05d', '%+d', '%x', '%o', '%#x', '%5.1f', '%e', '%g', '%i', '%X', '%-6d|', '% d'])}' % ${this.leaf(this.pick(['int', 'float']))}`,
      () => `'%s-%s' % (${one()}, ${one()})`,
      () => `'%(http)s:%(https)d' % ports`,
      () =>
        `'${this.pick(['{}', '{0}/{0}', '{:>5}', '{!r}', '{:<6}|', '{:^7}|'])}'.format(${this.leaf(this.pick(['int', 'str', 'float']))})`,
      () =>
        `'${this.pick(['{:05d}', '{:,}', '{:x}', '{:+}', '{:.2f}', '{:8.3f}', '{:e}', '{:.1%}', '{:g}', '{:#b}'])}'.format(${this.leaf(this.pick(['int', 'float']))})`,
      () => `'{a}-{b[k]}'.format(a=${one()}, b={'k': ${this.leaf('str')}})`,
      () => `${self()}[${this.slice()}]`,
      () => `${self()}[${this.pick(['0', '-1', '1', '99'])}]`,
      () => `${this.wrap(one())} | tojson${this.pick(['', '(2)', '(indent=0)'])}`,
      () => `${this.wrap(one('int'))} | filesizeformat${this.pick(['', '(true)'])}`,
      () => `(${one('str')} if ${one('bool')} else ${one()})`,
      () => `(${one('str')} if ${one('bool')})`,
      () => `${this.wrap(one())} | default(${one()}${this.pick(['', ', true'])})`,
      () => `${self()} | ${this.pick(['first', 'last', 'min', 'max'])}`,
      () => `${this.wrap(one())} | pprint`,
      () => `${self()}.${this.pick(['removeprefix', 'removesuffix'])}(${this.leaf('str')})`,
      () => `${self()}.expandtabs(${this.pick(['', '4'])})`,
    ])();
  }

  slice(): string {
    return this.pick(['1:', ':2', '::2', '-2:', '::-1', '1:3', ':-1', '5:1:-1', ':', 'n:', '-99:99', '-1:0:-1']);
  }

  condition(one: (kind?: Kind) => string): string {
    return this.pick([
      () => this.leaf('bool'),
      () => `(${one()} ${this.pick(['==', '!='])} ${one()})`,
      () => `(${one('int')} ${this.pick(['<', '<=', '>', '>='])} ${one(this.pick(['int', 'float']))})`,
      () => `(${one('str')} ${this.pick(['<', '>='])} ${one('str')})`,
      () => `(${one('int')} < ${one('int')} ${this.pick(['<=', '!=', '=='])} ${one('int')})`,
      () => `(${this.leaf('any')} ${this.pick(['in', 'not in'])} ${one('list')})`,
      () => `(${this.leaf('str')} in ${one(this.pick(['str', 'dict', 'list']))})`,
      () => `(${one('bool')} ${this.pick(['and', 'or'])} ${one('bool')})`,
      () => `(${one()} ${this.pick(['and', 'or'])} ${one()})`,
      () => `(not ${one()})`,
      () =>
        `(${this.wrap(one())} is ${this.pick(['', 'not '])}${this.pick(['defined', 'undefined', 'none', 'number', 'integer', 'float', 'string', 'boolean', 'mapping', 'sequence', 'iterable', 'callable', 'true', 'false', 'lower', 'upper'])})`,
      () => `(${this.wrap(one('int'))} is ${this.pick(['odd', 'even', 'divisibleby 3', 'divisibleby(2)'])})`,
      () =>
        `(${this.wrap(one())} is ${this.pick(['sameas none', 'sameas true', 'eq 1', 'equalto("a")', 'ne 2', 'in list', 'in [1, "a"]'])})`,
      () =>
        `(${this.wrap(one('int'))} is ${this.pick(['lt 3', 'gt 1', 'le(5)', 'ge n', 'greaterthan 2', 'lessthan(n)'])})`,
      () =>
        `${this.wrap(one('str'))}.${this.pick(['startswith', 'endswith'])}(${this.pick([this.leaf('str'), "('H', 'w')"])})`,
      () =>
        `${this.wrap(one('str'))}.${this.pick(['isdigit', 'isalpha', 'isalnum', 'isupper', 'islower', 'isspace', 'istitle', 'isnumeric'])}()`,
      () => `('${this.pick(['upper', 'nosuch', 'join'])}' is filter)`,
    ])();
  }

  list(one: (kind?: Kind) => string): string {
    const self = (): string => this.wrap(one('list'));
    return this.pick([
      () => this.leaf('list'),
      () => `[${one()}, ${one()}]`,
      () => `(${one()}, ${one()})`,
      () => `(${one('list')} + ${one('list')})`,
      () => `(${one('list')} * ${this.pick(['0', '2'])})`,
      () => `${self()}[${this.slice()}]`,
      () =>
        `${this.wrap(one('str'))}.${this.pick(['split', 'rsplit'])}(${this.pick(['', "','", "' '", "',', 1", 'none, 2', "'l'", 'maxsplit=1'])})`,
      () => `${this.wrap(one('str'))}.splitlines(${this.pick(['', 'true'])})`,
      () => `${this.wrap(one('str'))}.${this.pick(['partition', 'rpartition'])}(${this.leaf('str')})`,
      () => `${self()} | ${this.pick(['list', 'reverse', 'sort', 'unique', 'reverse | list'])}`,
      () => `${self()} | sort(${this.pick(['reverse=true', 'true', 'case_sensitive=true'])})`,
      () =>
        `words | ${this.pick(['sort', 'sort(case_sensitive=true)', 'unique', 'unique(true)', 'min', 'max', "map('upper')", "select('lower')", "reject('in', ['fig'])"])}`,
      () =>
        `hosts | sort(attribute='${this.pick(['name', 'n', 'ip', 'on,n', 'nope'])}'${this.pick(['', ', reverse=true'])}) | map(attribute='name')`,
      () =>
        `hosts | ${this.pick(['selectattr', 'rejectattr'])}('${this.pick(['on', 'name', 'n', 'nope'])}'${this.pick(['', ", 'equalto', 'a'", ", 'defined'", ", 'gt', 1", ", 'in', [1, 'a']"])})`,
      () => `hosts | groupby('${this.pick(['on', 'name', 'n', 'nope'])}'${this.pick(['', ', default=1'])})`,
      () => `${self()} | batch(${this.pick(['2', "3, 'x'", 'linecount=2'])})`,
      () => `${self()} | slice(${this.pick(['2', "3, 'x'"])})`,
      () =>
        `${self()} | map('${this.pick(['string', 'upper', 'int', 'length', "default', 'x", 'abs', "join', '+", 'first'])}')`,
      () =>
        `${self()} | ${this.pick(['select', 'reject'])}${this.pick(['', "('number')", "('string')", "('odd')", "('none')", "('gt', 1)", "('sameas', true)"])}`,
      () => `${this.wrap(one('dict'))}${this.pick(['.items()', '.keys()', '.values()'])} | list`,
      () =>
        `${this.wrap(one('dict'))} | ${this.pick(['dictsort', 'items', 'list', "dictsort(by='value')", 'dictsort(reverse=true)', 'dictsort(true)'])}`,
      () => `range(${this.pick(['3', '1, 4', '6, 0, -2', 'n'])})`,
      () => `range(${one('int')}, ${this.leaf('int')}) | list | length`,
      () => `${this.wrap(one('dict'))}.get(${this.leaf('str')}, ${one('list')})`,
    ])();
  }
}

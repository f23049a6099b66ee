import type { Chance } from './chance.ts';
import { Generator } from './generate.ts';

/** Templates that the generated ones include and import. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  'part.j2': 'part({{ word }}{{ local | default("-") }}{% set local = 1 %})\n',
  'macros.j2':
    '{% macro box(text, mark="*") %}{{ mark }}{{ text }}{{ mark }}{% endmacro %}{% set answer = 42 %}' +
    '{% macro shows() %}{{ word | default("no context") }}{% endmacro %}{% set _own = 1 %}\n',
};

const MACROS = [
  '{% macro greet(who, mark="!", times=1) %}{{ (who ~ mark) * times }}{% endmacro %}',
  '{% macro all() %}{{ varargs }}{{ kwargs }}{% endmacro %}',
  '{%- macro wrap(title="t") -%}[{{ title }}:{{ caller() }}]{%- endmacro %}',
  '{% macro each(items) %}{% for i in items %}{{ caller(i, loop.index) }}{% endfor %}{% endmacro %}',
  '{% macro late() %}{{ later | default("unset") }}{% endmacro %}',
];

/** Whole templates: text, statements, white space and its control. */
export class TemplateGenerator {
  readonly chance: Chance;
  readonly expressions: Generator;
  constructor(chance: Chance) {
    this.chance = chance;
    this.expressions = new Generator(chance, 400);
  }

  template(): string {
    return MACROS.join(this.pick(['', '\n'])) + this.body(3, []);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.chance(choices.length)]!;
  }

  body(depth: number, names: readonly string[], inLoop = false): string {
    const count = 1 + this.chance(4);
    return Array.from({ length: count }, () => this.piece(depth, names, inLoop)).join('');
  }

  text(): string {
    return this.pick([
      '',
      ' ',
      '\n',
      'x',
      ' text ',
      '\n\n',
      '  \n  ',
      '\t',
      'a\nb\n',
      '  line\n',
      '{',
      '%}',
      '# no',
      '\r\n',
      '"',
      "'",
    ]);
  }

  /** A tag with or without white space control. */
  tag(inner: string): string {
    const open = this.pick(['{%', '{%', '{%', '{%-', '{%+']);
    const close = this.pick(['%}', '%}', '%}', '-%}', '+%}']);
    return `${open} ${inner} ${close}`;
  }

  output(expression: string): string {
    return `${this.pick(['{{', '{{', '{{-'])} ${expression} ${this.pick(['}}', '}}', '-}}'])}`;
  }

  expression(kind: Parameters<Generator['expression']>[0], names: readonly string[]): string {
    return this.expressions.expression(kind, this.chance(2), { extra: names });
  }

  piece(depth: number, names: readonly string[], inLoop: boolean): string {
    const any = (): string => this.expression('any', names);
    if (depth <= 0) return this.pick([() => this.text(), () => this.output(any())])();
    const body = (more: readonly string[] = [], loop = inLoop): string =>
      this.body(depth - 1, [...names, ...more], loop);
    return this.pick([
      () => this.text(),
      () => this.text() + this.output(any()) + this.text(),
      () => this.output(any()),
      () => this.text() + this.pick(['{# note #}', '{#- note -#}', '{#\n{{ no }}\n#}', '{# a +#}']) + this.text(),
      () =>
        `${this.text()}${this.tag('raw')}${this.text()}{{ x }}{% y %}${this.text()}${this.tag('endraw')}${this.text()}`,
      () => this.condition(depth, names, inLoop),
      () => this.loop(depth, names),
      () => this.loop(depth, names),
      () => `${this.text()}${this.tag(`set v = ${any()}`)}${this.text()}${this.output('v')}`,
      () => `${this.tag('set a, b = [1, word]')}${this.output('a ~ b')}`,
      () =>
        `${this.tag(`set later${this.pick(['', ' | upper', ' | trim | length'])}`)}${body([], false)}${this.tag('endset')}${this.output('later')}`,
      () =>
        `${this.tag(`with p = ${any()}, q = ${this.pick(['p', '1', 'word'])} | default(3)`)}${body(['p', 'q'])}${this.tag('endwith')}`,
      () =>
        `${this.tag(`filter ${this.pick(['upper', 'indent(2)', "replace('a', 'A') | trim", 'length | string', 'wordcount | string'])}`)}${body([], false)}${this.tag('endfilter')}`,
      () =>
        this.output(
          this.chance(15) === 0
            ? this.pick(['greet()', 'greet(mark="?")', 'greet(1, 2, 3, 4)', 'greet(1, nope=2)'])
            : this.pick(["greet('you')", `greet(${any()}, times=2)`, 'greet(1, 2, 3)', 'greet(mark="?", who=word)']),
        ),
      () => this.output(this.pick([`all(${any()}, k=${any()})`, 'all()', 'late()', 'greet.name', 'greet.arguments'])),
      () =>
        `${this.tag(this.pick(['call wrap()', 'call wrap("T")', 'call wrap(title=word)', 'call(x=1) wrap()']))}${body([], false)}${this.tag('endcall')}`,
      () => `${this.tag('call(item, at=9) each(list)')}${body(['item', 'at'], false)}${this.tag('endcall')}`,
      () =>
        `${this.tag('set ns = namespace(total=0, seen=[])')}${this.tag('for i in list')}${this.tag('set ns.total = ns.total + i')}${this.tag('do ns.seen.append(i)')}${this.tag('endfor')}${this.output('ns.total')}${this.output('ns.seen')}`,
      () =>
        this.tag(
          `set ${this.pick(['v', 'w'])} = ${this.pick(['1', 'w | default(0)', "v | default('') ~ '+'", 'word ~ 1'])}`,
        ),
      () =>
        this.output(this.pick(["v | default('?')", "w | default('?')", 'word', 'loop is defined', "i | default('?')"])),
      () =>
        `${this.tag(`macro inner(${this.pick(['', 'v', 'v=1', 'w=v', "v='a', w=v"])})`)}${this.pick(["{{ v | default('-') }}{{ w | default('-') }}{{ word }}", "{% set v = 'in' %}{{ v }}{{ i | default('.') }}"])}${this.tag('endmacro')}`,
      () =>
        `{% if inner is defined %}${this.output(this.pick(['inner()', 'inner()', "inner('A')", 'inner(v=2)']))}{% endif %}`,
      () => this.tag(`do ${this.expressions.leaf('any')}`),
      () =>
        `${this.tag(`include ${this.pick(["'part.j2'", "'none.j2' ignore missing", "['none.j2', 'part.j2']"])}`)}${this.text()}`,
      () =>
        `${this.tag(`import 'macros.j2' as m${this.pick(['', ' with context'])}`)}${this.output(this.pick(['m.box(1)', 'm.answer', 'm.shows()', 'm.nope | default(1)', 'm.box(word, mark="|")']))}`,
      () =>
        `${this.tag(`from 'macros.j2' import ${this.pick(['box, answer', 'box, box as b, answer with context', 'box, answer, nope'])}`)}${this.output(this.pick(['box(2)', 'answer']))}`,
      () =>
        `${this.tag('set mine = [1]')}${this.tag('do mine.append(2)')}${this.tag('set _ = mine.extend([3, 4])')}${this.output('mine')}${this.output(this.pick(['mine.pop()', 'mine.index(3)', 'mine.count(1)', 'mine[-1]']))}`,
      () =>
        `${this.tag("set dd = {'a': 1}")}${this.tag('do dd.update({"b": 2}, c=3)')}${this.output('dd')}${this.output(this.pick(['dd.pop("a")', 'dd.setdefault("z", 9)', 'dd.keys() | list', 'dd.items()', 'dd.values()']))}`,
      () =>
        `${this.tag("set turn = cycler('a', 'b')")}${this.output('turn.next() ~ turn.current ~ turn.next() ~ turn.next()')}`,
      () =>
        `${this.tag("set sep = joiner('; ')")}${this.tag('for w in words')}${this.output('sep()')}${this.output('w')}${this.tag('endfor')}`,
      () =>
        inLoop
          ? this.tag(`if ${this.expression('bool', names)}`) +
            this.tag(this.pick(['break', 'continue'])) +
            this.tag('endif')
          : '',
    ])();
  }

  condition(depth: number, names: readonly string[], inLoop: boolean): string {
    const body = (): string => this.body(depth - 1, names, inLoop);
    const test = (): string => this.expression('bool', names);
    return (
      this.text() +
      this.tag(`if ${test()}`) +
      body() +
      (this.chance(3) === 0 ? this.tag(`elif ${test()}`) + body() : '') +
      (this.chance(2) === 0 ? this.tag('else') + body() : '') +
      this.tag('endif') +
      this.text()
    );
  }

  loop(depth: number, names: readonly string[]): string {
    const part = (): string =>
      this.output(
        this.pick([
          'loop.index',
          'loop.index0',
          'loop.revindex',
          'loop.revindex0',
          'loop.first',
          'loop.last',
          'loop.length',
          'loop.depth',
          'loop.depth0',
          "loop.cycle('odd', 'even')",
          'loop.changed(n)',
          "loop.previtem | default('none')",
          "loop.nextitem | default('none')",
          'loop.nope | default(0)',
        ]),
      );
    const content = `${part()}${this.body(depth - 1, names, true)}`;
    const inner = (more: readonly string[]): string => content + this.pick(more.map((name) => this.output(name)));
    const otherwise =
      this.chance(3) === 0 && !/break|continue/.test(content) ? this.tag('else') + this.body(depth - 1, names) : '';
    const end = otherwise + this.tag('endfor') + this.text();
    return this.pick([
      () => this.tag(`for i in ${this.expression('list', names)}`) + inner(['i']) + end,
      () => this.tag(`for h in hosts${this.pick([' if h.on', ' if h.n > 1', ''])}`) + inner(['h.name', 'h.n']) + end,
      () =>
        this.tag(`for k, v in ${this.pick(['d.y.items()', 'ports | dictsort', 'ports | items', 'nested', 'd.y'])}`) +
        inner(['k', 'v']) +
        end,
      () => this.tag(`for c in ${this.expression('str', names)}`) + inner(['c']) + end,
      () =>
        `${this.tag('for x in nested recursive')}${this.output('loop.depth')}${this.tag('if x is string or x is number')}${this.output('x')}${this.tag('else')}<${this.output('loop(x)')}>${this.tag('endif')}${end}`,
    ])();
  }
}

"""Writes ansible-filters.json: what the filters and tests of the installed ansible-core give, for comparing without it.

Run on Debian 12 with ansible-core: /usr/bin/python3 test/data/jinja/record-ansible.py && npm run format
"""

import json
import pathlib
import random
from collections.abc import Iterator

import ansible
from ansible.plugins.filter.core import FilterModule as CoreFilters
from ansible.plugins.filter.mathstuff import FilterModule as MathFilters
from ansible.plugins.test.core import TestModule as CoreTests
from ansible.plugins.test.mathstuff import TestModule as MathTests
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

CONTEXT = {
    "s": "Hello, World",
    "path": "/etc/prometheus/rules/a.b.yml",
    "n": 5,
    "nothing": None,
    "lines": "one\ntwo\n\nthree",
    "uni": "Größe 😀",
    "list": [3, 1, 2],
    "words": ["pear", "Apple", "fig"],
    "nested": [1, [2, [3, None]], [], ["4", "null"]],
    "d": {"b": 1, "a": {"y": [1, 2], "x": None}, "c": "text"},
    "low": {"a": 1, "m": {"x": 1, "y": [1, 2]}, "l": [1, 2, 3]},
    "high": {"b": 2, "m": {"y": [2, 3], "z": 3}, "l": [3, 4]},
    "hosts": [
        {"name": "a", "on": True, "disks": ["sda", "sdb"], "net": {"ips": ["1", "2"]}},
        {"name": "b", "on": False, "disks": [], "net": {"ips": ["3"]}},
    ],
    "tricky": ["yes", "no", "null", "~", "1", "1.5", "1e3", "0x1f", "12:30:45", "2020-01-02", "- x", ": y", "a: b", "#c", "a #c",
               "it's", 'say "hi"', "back\\slash", "", " lead", "trail ", "tab\there", "two\nlines", "end\n", "on", "{x}", "[x]",
               "*p", "&q", "!t", "|", ">", "%", "@", "`", "---", "=", "<<", "10.0.0.1", "08", "long " * 30, "ünï", "😀", "a,b"],
    "deep": {"z": [], "e": {}, "list": [[1, [2, 3]], {"k": [True, None, 1.5]}], "text": "word " * 25},
}

SOURCES = r"""
d | to_json
d | to_nice_json
d | to_nice_json(indent=2)
d | to_nice_json(sort_keys=false)
d | to_json(indent=2)
d | to_json(sort_keys=true)
d | to_json(separators=(',', ':'))
uni | to_json
uni | to_json(ensure_ascii=false)
[1.0, 1e30, 1.5, true, none, 'x'] | to_json
{1: 'a', true: 2, none: 3, 1.5: 4} | to_json
(1, 2) | to_json
range(3) | list | to_json
[] | to_nice_json
{'a': [], 'b': {}} | to_nice_json
'{"b": [1, 2.0, null, true], "a": {"x": "\\u00e9"}}' | from_json
'{"b": 1, "a": 2}' | from_json | to_json
'nonsense' | from_json
'[1, 2,]' | from_json
'12345678901234567890' | from_json
d | to_yaml
d | to_nice_yaml
d | to_nice_yaml(indent=2)
d | to_yaml(indent=4)
d | to_nice_yaml(sort_keys=false)
d | to_yaml(default_flow_style=false)
d | to_yaml(default_flow_style=true)
deep | to_yaml
deep | to_nice_yaml
deep | to_nice_yaml(indent=8)
deep | to_nice_yaml(width=1000)
deep | to_nice_yaml(width=30)
tricky | to_yaml
tricky | to_nice_yaml
tricky | to_nice_json
s | to_yaml
5 | to_yaml
none | to_yaml
1.0 | to_yaml
1e30 | to_nice_yaml
true | to_nice_yaml
[] | to_nice_yaml
{} | to_yaml
(1, (2, 3)) | to_nice_yaml
{1: 'a', 2: 'b'} | to_nice_yaml
hosts | to_nice_yaml
hosts | to_yaml
low | combine(high)
low | combine(high, recursive=true)
low | combine(high, recursive=true, list_merge='keep')
low | combine(high, recursive=true, list_merge='append')
low | combine(high, recursive=true, list_merge='prepend')
low | combine(high, recursive=true, list_merge='append_rp')
low | combine(high, recursive=true, list_merge='prepend_rp')
low | combine(high, list_merge='append')
low | combine(high, {'a': 9}, {'z': {}})
[low, high] | combine
low | combine([high, {'q': 1}])
{} | combine(high)
low | combine({})
low | combine
[] | combine
low | combine(5)
low | combine(high, nonsense=true)
low | combine(high, list_merge='nonsense')
{'a': {'b': 1}} | combine({'a': {'c': 2}}, {'a': {'d': 3}}, recursive=true)
d | dict2items
d | dict2items(key_name='k', value_name='v')
[1] | dict2items
d | dict2items | items2dict
[{'k': 1, 'v': 2}] | items2dict(key_name='k', value_name='v')
[{'k': 1}] | items2dict
5 | items2dict
nested | flatten
nested | flatten(levels=1)
nested | flatten(1)
nested | flatten(skip_nulls=false)
[1, 'null', 'None', none] | flatten
[(1, 2), [3]] | flatten
[1, 2, 2] | union([2, 3])
[1, 2, 2] | intersect([2, 3])
[1, 2, 2] | difference([2, 3])
[1, 2, 2] | symmetric_difference([2, 3])
[{'a': 1}, {'b': 2}] | union([{'a': 1}])
[{'a': 1}, {'b': 2}] | difference([{'a': 1}])
[[1], [2], [1]] | unique
['b', 'a', 'B'] | unique
['b', 'a', 'B'] | unique(case_sensitive=true)
[1, 2, 3] | zip(['a', 'b'])
[1, 2, 3] | zip(['a', 'b'], [true, false, none])
[1, 2, 3] | zip_longest(['a'], fillvalue='-')
[1, 2] | zip_longest([3])
[1, 2] | product(['a', 'b'])
[0, 1] | product(repeat=3) | list | length
[1, 2, 3] | permutations
[1, 2, 3] | permutations(2)
[1, 2, 3] | combinations(2)
hosts | subelements('disks')
hosts | subelements('net.ips')
hosts | subelements(['net', 'ips'])
hosts | subelements('nope')
hosts | subelements('nope', skip_missing=true)
hosts | subelements('name')
5 | subelements('x')
hosts | rekey_on_member('name')
hosts | rekey_on_member('on')
hosts | rekey_on_member('nope')
[{'k': 1}, {'k': 1}] | rekey_on_member('k')
[{'k': 1, 'v': 1}, {'k': 1, 'v': 2}] | rekey_on_member('k', duplicates='overwrite')
s | regex_replace('l+', 'L')
s | regex_replace('(\\w+), (\\w+)', '\\2 \\1')
s | regex_replace('(?P<a>\\w+), (?P<b>\\w+)', '\\g<b>-\\g<a>')
s | regex_replace('hello', 'x')
s | regex_replace('hello', 'x', ignorecase=true)
s | regex_replace('(?i)hello', 'x')
s | regex_replace('^', '> ')
lines | regex_replace('^', '> ')
lines | regex_replace('^', '> ', multiline=true)
lines | regex_replace('$', ';', multiline=true)
lines | regex_replace('$', ';')
(lines ~ '\n') | regex_replace('$', ';')
lines | regex_replace('\\A.|.\\Z', '_')
lines | regex_replace('.', '.')
lines | regex_replace('(?s).+', 'all')
s | regex_replace('x*', '-')
s | regex_replace('[a-z]+$', '\\g<0>!')
s | regex_replace('(x)?H', '[\\1]')
s | regex_replace('H', '\\n\\t')
s | regex_replace('H', '\\q')
s | regex_replace('H', '\\1')
s | regex_replace('(', '')
s | regex_replace('[[:alpha:]]', '')
s | regex_replace('\\bW', 'V')
s | regex_replace('\\Bo', '0')
uni | regex_replace('\\w', 'w')
uni | regex_replace('\\W', '_')
uni | regex_replace('[^\\w\\s]', '_')
uni | regex_replace('[\\Wö]', '_')
'a.b-c]d' | regex_replace('[.\\-\\]]', '_')
'a{2}b{x}' | regex_replace('a{2}|{x}', '!')
'aaa' | regex_replace('a{2}', 'b')
'aaa' | regex_replace('a{,2}', 'b')
'a&&b--c~~d' | regex_replace('[&~-]', '_')
'x1y22' | regex_replace('(?<=[a-z])\\d+', '#')
'x1y22' | regex_replace('(?<!x)\\d+', '#')
'foofoo' | regex_replace('(foo)\\1', 'bar')
'foofoo' | regex_replace('(?P<x>foo)(?P=x)', 'bar')
'key = value' | regex_replace('^(\\S+)\\s*=\\s*(.*)$', '\\1: \\2')
'http://a.b:9090/x' | regex_replace('^https?://([^:/]+).*', '\\1')
5 | regex_replace('5', 'five')
none | regex_replace('None', 'none')
'a/b' | regex_replace('/', '\\\\')
'tab\there' | regex_replace('\\t', ' ')
'a b' | regex_replace('\\x20', '_')
'a b' | regex_replace('\\u0020', '_')
'ab' | regex_replace('a(?#note)b', 'x')
'ab' | regex_replace('(?:a)(?=b)', 'x')
s | regex_search('o.')
s | regex_search('nope')
s | regex_search('(\\w)(\\w)', '\\1', '\\2')
s | regex_search('(?P<first>\\w+)', '\\g<first>')
s | regex_search('nope', '\\1')
s | regex_search('WORLD', ignorecase=true)
s | regex_search('(\\w+)', 'nonsense')
lines | regex_search('^two$', multiline=true)
s | regex_findall('o')
s | regex_findall('(\\w)o')
s | regex_findall('(\\w)(o)')
s | regex_findall('HE', ignorecase=true)
lines | regex_findall('^t\\w+', multiline=true)
'a.b*c[d]{e}(f)^g$h|i\\j-k~l#m n&' | regex_escape
'a.b*c[d]^$\\' | regex_escape('posix_basic')
'x' | regex_escape('posix_extended')
s is match('Hello')
s is match('World')
s is search('World')
s is search('world')
s is search('world', ignorecase=true)
s is regex('^Hel')
s is regex('World', match_type='match')
lines is search('^two$')
lines is search('^two$', multiline=true)
s is not search('x')
s | b64encode
uni | b64encode
'SGVsbG8=' | b64decode
'R3LDtsOfZQ==' | b64decode
'SGVsbG8' | b64decode
s | hash
s | hash('sha256')
s | hash('sha512')
s | hash('md5')
s | hash('sha3_256')
s | hash('blake2b')
s | hash('blake2s')
s | hash('nonsense')
s | sha1
s | md5
s | checksum
uni | hash('sha256')
'x' | to_uuid
'x' | to_uuid('6ba7b810-9dad-11d1-80b4-00c04fd430c8')
'x' | to_uuid('nonsense')
'yes' | bool
'on' | bool
'TRUE' | bool
'1' | bool
1 | bool
1.0 | bool
0 | bool
'no' | bool
'anything' | bool
none | bool
true | bool
[] | bool
true | ternary('a', 'b')
'' | ternary('a', 'b')
none | ternary('a', 'b')
none | ternary('a', 'b', 'c')
n | mandatory
path | basename
path | dirname
path | splitext
'a' | dirname
'/' | dirname
'/a' | dirname
'a/' | basename
'//a//b//' | dirname
'.bashrc' | splitext
'a.tar.gz' | splitext
'dir.d/file' | splitext
['a', 'b', 'c'] | path_join
['a/', '/b', 'c'] | path_join
'x' | path_join
'it''s' | quote
"it's" | quote
'a b' | quote
'plain-1.2/x:y=z@w%+,' | quote
'' | quote
none | quote
5 | quote
'ü' | quote
'a,b,c' | split(',')
'a b  c' | split
'a,b,c' | split(',', 1)
'a,b' | split('')
123456 | human_readable
123456 | human_readable(isbits=true)
123456 | human_readable(unit='K')
1 | human_readable
0 | human_readable
'10K' | human_to_bytes
'1.5G' | human_to_bytes
'10' | human_to_bytes
'10' | human_to_bytes('M')
'10 MB' | human_to_bytes
'10Q' | human_to_bytes
'10Kb' | human_to_bytes(isbits=true)
'x' | human_to_bytes
8 | log(2)
100 | log(10)
2 | pow(5)
16 | root
27 | root(3)
lines | comment
lines | comment('c')
lines | comment('cblock')
lines | comment('xml')
lines | comment('erlang')
lines | comment('plain', prefix='#######', postfix='')
lines | comment(decoration='! ')
lines | comment('plain', prefix_count=2, postfix_count=0)
lines | comment('cblock', beginning='/**', newline='\n')
lines | comment('nonsense')
'a' | extract({'a': 1})
0 | extract(['x', 'y'])
'net' | extract(hosts[0], 'ips')
'net' | extract(hosts[0], ['ips', 1])
['name', 'on'] | map('extract', hosts[0]) | list
hosts | map(attribute='name') | list
[1, 2] is subset([1, 2, 3])
[1, 4] is subset([1, 2, 3])
[1, 2, 3] is superset([1])
[1, 2] is issubset([1, 2])
[1, 2] is contains(2)
'abc' is contains('b')
[true, 1, ''] is all
[0, 1] is any
[] is all
[] is any
'1.2.3' is version('1.2.4', '<')
'1.2.10' is version('1.2.9', '>')
'1.2' is version('1.2', '==')
'1.2' is version('1.2')
'1.2' is version('1.2.0', '<')
'12.04' is version('12.4', 'ge')
'1.2.3-rc1' is version('1.2.3', '<')
'v1.2' is version('v1.10', '<')
'1.0a' is version('1.0b', 'lt')
'1.a' is version('1.1', '<')
'1.2' is version('1.3', 'nonsense')
'1.2.3' is version('1.2.4', '<', strict=true)
'1.2' is version('1.2.0', 'eq', strict=true)
'1.2.3.4' is version('1.2.4', '<', strict=true)
'1.2.3-rc.1' is version('1.2.3', '<', version_type='semver')
'1.2.3-rc.2' is version('1.2.3-rc.10', '<', version_type='semver')
'1.2.3-1' is version('1.2.3-a', '<', version_type='semver')
'1.2.3+b1' is version('1.2.3+b2', '==', version_type='semver')
'1.2' is version('1.2.3', '<', version_type='semver')
'' is version('1', '<')
1.5 is version('1.10', '<')
5 is truthy
'' is falsy
'5' | type_debug
5 | type_debug
5.5 | type_debug
none | type_debug
true | type_debug
""".strip().split("\n")

WORDS = ["a", "yes", "null", "1.5", "0o7", "- x", "a: b", "#c", "it's", 'say "hi"', "two\nlines", "nl end\n", " lead", "tab\there",
         "ünï", "😀", "word " * 6, "x" * 40, "", "{{ x }}", "12:30:45", "2020-01-02", "a,b", "?", "%", "---", "\u2028", "\u00a0"]


def generated(chance, depth):
    kind = chance.randrange(9 if depth > 0 else 6)
    if kind < 4:
        return " ".join(chance.choice(WORDS) for _ in range(chance.choice([1, 1, 1, 2, 9])))
    if kind < 6:
        return chance.choice([0, -5, 1.5, 1e-7, 123456789012, True, False, None])
    if kind < 8:
        return [generated(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {chance.choice(WORDS): generated(chance, depth - 1) for _ in range(chance.randrange(4))}


def as_list(function):
    def wrapped(*args, **kwargs):
        result = function(*args, **kwargs)
        return list(result) if isinstance(result, Iterator) else result

    if hasattr(function, "jinja_pass_arg"):
        wrapped.jinja_pass_arg = function.jinja_pass_arg
    return wrapped


def environment():
    env = SandboxedEnvironment(undefined=StrictUndefined)
    for module in (CoreFilters(), MathFilters()):
        env.filters.update(module.filters())
    for module in (CoreTests(), MathTests()):
        env.tests.update(module.tests())
    for name, function in list(env.filters.items()):
        env.filters[name] = as_list(function)
    return env


def record(env, expression, context):
    try:
        return env.from_string("{{ %s }}" % expression).render(context)
    except Exception:
        return None


def main():
    env = environment()
    chance = random.Random(7)
    cases = [[source, record(env, source, CONTEXT)] for source in SOURCES]
    data = [generated(chance, 3) for _ in range(150)]
    dumps = ["to_yaml", "to_nice_yaml", "to_nice_yaml(indent=2)", "to_json", "to_nice_json"]
    written = [
        [value, dump, record(env, "value | " + dump, {"value": value})]
        for value, dump in ((value, chance.choice(dumps)) for value in data)
    ]
    result = {"ansible": ansible.__version__, "context": CONTEXT, "cases": cases, "written": written}
    target = pathlib.Path(__file__).with_name("ansible-filters.json")
    target.write_text(json.dumps(result, indent=1, ensure_ascii=True) + "\n")


main()

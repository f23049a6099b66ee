"""Renders templates with the real Jinja2: one JSON request a line in, one JSON answer a line out.

The environment has what this project's engine takes from Ansible: attributes of an undefined value are undefined too,
filters give lists and not generators, `unique` takes what cannot be hashed. Undefined values are faults in all tests but
`defined`, in the arguments of filters and within lists that are printed, and no text is marked as safe HTML.
"""

import json
import sys
from collections.abc import Iterator

from markupsafe import Markup

from jinja2 import DictLoader, StrictUndefined, pass_environment
from jinja2.sandbox import SandboxedEnvironment


KNOWN = {}


class ChainedUndefined(StrictUndefined):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key):
        return self

    def __repr__(self):
        return str(self)


def as_list(function):
    def wrapped(*args, **kwargs):
        result = function(*args, **kwargs)
        if isinstance(result, Markup):
            return str(result)
        return list(result) if isinstance(result, Iterator) else result

    for mark in ("jinja_pass_arg",):
        if hasattr(function, mark):
            setattr(wrapped, mark, getattr(function, mark))
    return wrapped


def unique_of_anything(function):
    @pass_environment
    def wrapped(env, value, *args, **kwargs):
        try:
            return function(env, value, *args, **kwargs)
        except TypeError:
            return [item for index, item in enumerate(value) if item not in value[:index]]

    return wrapped


def strict(function):
    def wrapped(*args, **kwargs):
        for value in [*args, *kwargs.values()]:
            if isinstance(value, StrictUndefined):
                str(value)
        return function(*args, **kwargs)

    for mark in ("jinja_pass_arg",):
        if hasattr(function, mark):
            setattr(wrapped, mark, getattr(function, mark))
    return wrapped


def environment(options, templates):
    key = json.dumps([options, templates], sort_keys=True)
    if key not in KNOWN:
        KNOWN[key] = new_environment(options, templates)
    return KNOWN[key]


def new_environment(options, templates):
    env = SandboxedEnvironment(
        undefined=ChainedUndefined,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        loader=DictLoader(templates),
        trim_blocks=options.get("trimBlocks", False),
        lstrip_blocks=options.get("lstripBlocks", False),
        keep_trailing_newline=options.get("keepTrailingNewline", False),
    )
    lenient = ("default", "d")
    for name, function in list(env.filters.items()):
        env.filters[name] = as_list(function if name in lenient else strict(function))
    env.filters["unique"] = unique_of_anything(env.filters["unique"])
    for name, function in list(env.tests.items()):
        if name not in ("defined", "undefined"):
            env.tests[name] = strict(function)
    return env


def answer(request):
    try:
        env = environment(request.get("options", {}), request.get("templates", {}))
        return {"text": env.from_string(request["source"]).render(request.get("context", {}))}
    except RecursionError:
        return {"error": "RecursionError", "message": ""}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)[:300]}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)

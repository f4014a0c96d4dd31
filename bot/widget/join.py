"""Puts modules that are written apart into one script, so that a phone asks once and not thirty times.

It knows the few forms of import and export that the widget's modules use, and no more of JavaScript. All modules of a script
share one scope then, so a name may stand at the top of one module only: ``join`` says so when it does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_IMPORT = re.compile(r'^import (?:\{(?:(?! as )[^}])*\} from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
_IMPORTED = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_REEXPORT = re.compile(r'^export \{ (\w+) \} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|let|class|function|async function) (\w+))", re.MULTILINE)
_NAME = re.compile(r"^(?:const|let|class|(?:async )?function) (\w+)", re.MULTILINE)


class CannotJoin(Exception):
    """The modules do not fit into one scope."""


def join_pair(first: str, second: str, sources: Mapping[str, str]) -> tuple[str, str]:
    """Two scripts, of which the second is loaded after the first and takes from it what both need."""
    there = needed_by(first, sources)
    own = [name for name in needed_by(second, sources) if name not in there]
    taken = {
        word.strip()
        for name in own
        for words, source in _IMPORTED.findall(sources[name])
        if source in there
        for word in words.split(",")
    }
    text = _joined(second, own, sources)
    twice = sorted(taken.intersection(_NAME.findall(text)))
    if twice:
        raise CannotJoin(f"{second}: these names stand at the top of {first}, too: {', '.join(twice)}")
    words = ", ".join(sorted(taken))
    return join(first, sources) + f"export {{ {words} }};\n", f'import {{ {words} }} from "./{first}";\n' + _joined(
        second, own, sources
    )


def join(entry: str, sources: Mapping[str, str]) -> str:
    """The module ``entry`` with all that it imports, each before its users. What is imported by a call stays apart."""
    return _joined(entry, needed_by(entry, sources), sources)


def needed_by(entry: str, sources: Mapping[str, str]) -> list[str]:
    """The names of the module and of all that it imports, each before its users."""
    order: list[str] = []
    _visit(entry, sources, order)
    return order


def _joined(entry: str, order: list[str], sources: Mapping[str, str]) -> str:
    bodies = {name: _REEXPORT.sub("", _IMPORT.sub("", sources[name])) for name in order}
    exported = [*_EXPORT.findall(bodies[entry]), *(name for name, _ in _REEXPORT.findall(sources[entry]))]
    text = "".join(_EXPORT.sub("", body) for body in bodies.values())
    names = _NAME.findall(text)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CannotJoin(f"{entry}: these names stand at the top of more than one module: {', '.join(twice)}")
    left = re.search(r"^(?:import|export) .*$", text, re.MULTILINE)
    if left:
        raise CannotJoin(f"{entry}: this form of import or export is not known: {left[0]}")
    return text + (f"export {{ {', '.join(exported)} }};\n" if exported else "")


def _visit(name: str, sources: Mapping[str, str], order: list[str], *, above: tuple[str, ...] = ()) -> None:
    if name in order:
        return
    if name in above:
        raise CannotJoin(f"{' → '.join((*above, name))}: modules import each other in a circle")
    for needed in [*_IMPORT.findall(sources[name]), *(source for _, source in _REEXPORT.findall(sources[name]))]:
        _visit(needed, sources, order, above=(*above, name))
    order.append(name)

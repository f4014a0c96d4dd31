"""``python -m knowledge``: what curators do with content from the command line. Each verb is a module of ``knowledge.verbs``."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules

import typer

from knowledge import verbs

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def _about() -> None:
    """Check, publish and look after the content."""


def _wanted() -> list[str]:
    """The verb that was called, or all of them: what the others import would take longer than most verbs themselves."""
    every = [module.name for module in iter_modules(verbs.__path__)]
    return [name for name in every if name.replace("_", "-") in sys.argv[1:2]] or every


for _name in _wanted():
    app.command(_name.replace("_", "-"))(import_module(f"{verbs.__name__}.{_name}").run)


if __name__ == "__main__":
    app()

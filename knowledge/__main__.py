"""``python -m knowledge``: what curators do with content from the command line. Each verb is a module of ``knowledge.verbs``."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import typer

from knowledge import verbs

app = typer.Typer(no_args_is_help=True, help="Check, publish and look after the content.", pretty_exceptions_enable=False)

for _module in iter_modules(verbs.__path__):
    app.command(_module.name.replace("_", "-"))(import_module(f"{verbs.__name__}.{_module.name}").run)


if __name__ == "__main__":
    app()

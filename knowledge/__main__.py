"""``python -m knowledge``: what curators do with content from the command line. Each verb is a module of ``knowledge.verbs``."""

from __future__ import annotations

import gc
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import typer
from typer.core import TyperGroup

from knowledge import verbs

VERBS = {module.name.strip("_").replace("_", "-"): f"{verbs.__name__}.{module.name}" for module in iter_modules(verbs.__path__)}


class Verbs(TyperGroup):
    """Loads the verb that is asked for, and no other: some need libraries that take seconds to load."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in VERBS:
            return None
        one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        one.command(cmd_name)(import_module(VERBS[cmd_name]).run)
        return typer.main.get_command(one)


app = typer.Typer(cls=Verbs, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def _content() -> None:
    """Check, publish and look after the content."""


if __name__ == "__main__":
    gc.disable()  # a verb is over before there is much to collect; looking for it took a seventh of publishing
    app()

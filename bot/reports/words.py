"""What the rows and columns of a report are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale

from bot.desk.words import catalogue, word
from bot.reports.filters import NOT_TOLD
from bot.reports.shapes import Keys


@dataclass(frozen=True)
class ReportWords:
    """Words in one language of the desk, with the names of municipalities and topics from the content."""

    language: str
    municipalities: Mapping[str, str]
    topics: Mapping[str, str]

    def say(self, name: str, **values: object) -> str:
        return word(self.language, f"report.{name}", **values)

    def name(self, kind: str, key: str) -> str:
        """What one key of a dimension, or of what divides it, is called. A key that has no name any more stands for itself."""
        if key == NOT_TOLD:
            return self.say("not_told")
        if kind == "month":
            return f"{int(key[5:])}/{key[:4]}"
        if kind == "municipality":
            return self.municipalities.get(key, key)
        if kind == "topic":
            return self.topics.get(key, key)
        if kind == "language" and key in (languages := Locale(self.language).languages):
            return str(languages[key])
        known = f"{kind}_{key}"
        return self.say(known) if f"report.{known}" in catalogue(self.language) else key

    def row(self, kind: str, keys: Keys) -> str:
        """What a row is called; pooled ones are the others."""
        return self.name(kind, keys[0]) if len(keys) == 1 else self.say("others")

    def column(self, kind: str, keys: Keys) -> str:
        """What a column is called; pooled ones name all that they hold."""
        return " + ".join(self.name(kind, key) for key in keys)

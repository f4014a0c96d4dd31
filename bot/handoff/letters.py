"""The words of mails, from the catalogues in ``bot/texts/mail``: one YAML file a language."""

from __future__ import annotations

from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict

from bot.texts import FOLDER

MAIL_LANGUAGES = ("fi", "en")


class Letter(BaseModel):
    """What a mail says."""

    model_config = ConfigDict(extra="forbid")

    subject: str
    body: str


class Catalogue(BaseModel):
    """The words of all mails in one language: whole letters, and lines that are put into them."""

    model_config = ConfigDict(extra="forbid")

    letters: dict[str, Letter]
    lines: dict[str, str]


def letter(name: str, language: str, /, **values: object) -> Letter:
    """The letter in Finnish to those who write in Finnish, else in English. Raises ``KeyError`` when it or a value is unknown."""
    found = catalogue(mail_language(language)).letters[name]
    return Letter(subject=found.subject.format(**values), body=found.body.format(**values))


def line(name: str, language: str, /, **values: object) -> str:
    """A line that is put into a letter or a calendar entry."""
    return catalogue(mail_language(language)).lines[name].format(**values)


def mail_language(language: str) -> str:
    """The language of mails to someone who writes in ``language``."""
    return language if language in MAIL_LANGUAGES else "en"


@cache
def catalogue(language: str) -> Catalogue:
    """All words in one of ``MAIL_LANGUAGES``."""
    return Catalogue.model_validate(yaml.safe_load((FOLDER / "mail" / f"{language}.yml").read_text(encoding="utf-8")))

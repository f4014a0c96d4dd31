"""Asks at a terminal for what a new answer needs, one thing at a time, until each fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

import typer

from knowledge.load import Content
from knowledge.model import Audience, ExpertRole, Importance, Topic
from knowledge.new_answer import Reason, Wanted, expert_of, reasons_against, suggested_id

Choice = TypeVar("Choice", bound=StrEnum)


class Asking:
    """One round of questions. ``given`` are the fields that the command line told; they are not asked."""

    def __init__(self, content: Content, wanted: Wanted, given: Iterable[str], said: Mapping[str, str], language: str) -> None:
        self._content = content
        self._wanted = wanted
        self._given = set(given)
        self._said = said
        self._language = language

    def ask(self) -> Wanted:
        """The answer that is wanted, as far as it can be asked for."""
        if "topic" not in self._given or self._wanted.topic not in self._content.topics:
            self._set(topic=self._topic())
        self._until_it_fits("title_fi", lambda: str(typer.prompt(self._said["ask_title_fi"])))
        self._until_it_fits("title_en", lambda: str(typer.prompt(self._said["ask_title_en"], default="", show_default=False)))
        suggested = suggested_id(self._wanted.title_en) or None
        self._until_it_fits("id", lambda: str(typer.prompt(self._said["ask_id"], default=suggested)))
        self._choices()
        if "source" not in self._given:
            address = typer.prompt(self._said["ask_source"], default="", show_default=False).strip()
            title = typer.prompt(self._said["ask_source_title"], default="", show_default=False).strip() if address else ""
            self._set(source=(address, title) if address else None)
        return self._wanted

    def _set(self, **values: Any) -> None:
        self._wanted = replace(self._wanted, **values)

    def _until_it_fits(self, name: str, ask: Callable[[], str]) -> None:
        """Ask for a field until nothing speaks against it. What the command line told is judged by whoever makes the answer."""
        while name not in self._given:
            self._set(**{name: ask().strip()})
            reasons = [reason for reason in reasons_against(self._content, self._wanted) if _is_about(reason, name, self._wanted)]
            if not reasons:
                return
            for key, values in reasons:
                typer.echo(self._said[key].format(**values), err=True)

    def _choices(self) -> None:
        if "audience" not in self._given:
            self._set(audience=(self._choose("audience", Audience, Audience.person),))
        if "importance" not in self._given:
            self._set(importance=self._choose("importance", Importance, Importance.useful))
        if "expert" not in self._given:
            self._set(expert=self._choose("expert", ExpertRole, expert_of(self._content, self._wanted)))

    def _choose(self, field: str, kind: type[Choice], default: Choice) -> Choice:
        """One of ``kind``, by its number or its word."""
        options = list(kind)
        typer.echo()
        for number, option in enumerate(options, 1):
            told = self._said[f"ask_{field}_{option}"]
            typer.echo(f"  {number}  {option}: {told}")
        while True:
            told = typer.prompt(self._said[f"ask_{field}"], default=default.value).strip()
            chosen = [option for number, option in enumerate(options, 1) if told in (str(number), option.value)]
            if chosen:
                return chosen[0]
            typer.echo(self._said["not_a_choice"].format(told=told), err=True)

    def _topic(self) -> str:
        topics = list(self._content.topics.values())
        shown = topics
        while True:
            for topic in shown:
                typer.echo(f"  {topics.index(topic) + 1:>3}  {topic.name.in_language(self._language)} ({topic.id})")
            told = typer.prompt(self._said["ask_topic"]).strip()
            shown = _topics_meant(topics, told)
            if len(shown) == 1:
                return shown[0].id
            if not shown:
                typer.echo(self._said["not_a_choice"].format(told=told), err=True)


def _topics_meant(topics: list[Topic], told: str) -> list[Topic]:
    """The topic of that number or id, else those in whose id or names the words occur."""
    exact = [topic for number, topic in enumerate(topics, 1) if told in (str(number), topic.id)]
    words = told.casefold()
    return exact or [topic for topic in topics if words in f"{topic.id} {topic.name.fi} {topic.name.en}".casefold()]


def _is_about(reason: Reason, name: str, wanted: Wanted) -> bool:
    key, values = reason
    if key in ("same_title", "long_title"):
        return name.startswith("title") and values["title"] == getattr(wanted, name)
    return name == "id" and key in ("bad_id", "exists", "id_of_boundary")

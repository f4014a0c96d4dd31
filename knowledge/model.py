"""The content contract: what counsellors may write, field by field.

The JSON Schema for editors (``python -m knowledge schema``) is generated from these classes.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, LiteralString, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

CURATED_LANGUAGES = ("fi", "en")
"""Languages in which every answer must exist. Finnish is the master."""

LANGUAGES = ("fi", "en", "sv", "ru", "uk", "ar", "so", "fa", "es", "zh", "et", "de", "fr", "tr", "vi", "th")
"""Languages in which an answer may have a version or examples. Questions in others are understood as well as the encoder can."""

EASY_FINNISH = "fi-easy"
"""Easy Finnish (selkokieli): a variant in which an answer may be read. People ask in Finnish, so it has no examples."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,79}")
"""The same, where a whole text is to be one."""
FigureName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=80)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$")]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]

LONGEST_TITLE = 90
EXAMPLES_PER_LANGUAGE = 8
EXAMPLES_WHEN_REQUIRED = 12

FIGURE_QUOTE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
"""How an answer quotes a figure: ``{{ figure-name }}``."""


def _breach(rule: LiteralString, at: str, **values: object) -> PydanticCustomError:
    """A breach between fields, to be told at the field ``at``. The catalogue of the check has the words of the rule."""
    return PydanticCustomError(rule, rule, {"at": at, **{name: str(value) for name, value in values.items()}})


class Strict(BaseModel):
    """Base of the contract: an unknown key is an error, since it is most often a typing mistake."""

    model_config = ConfigDict(extra="forbid")


class Audience(StrEnum):
    """Who asks. A professional is someone who works with newcomers."""

    person = "person"
    employer = "employer"
    professional = "professional"


class ExpertRole(StrEnum):
    """When the permit expert is offered with an answer."""

    always = "always"
    own_case = "own_case"
    never = "never"


class Importance(StrEnum):
    """How badly a newcomer needs the answer."""

    required = "required"
    useful = "useful"
    extra = "extra"


class Status(StrEnum):
    """Only a counsellor may say ``reviewed``."""

    draft = "draft"
    reviewed = "reviewed"


class Localised(Strict):
    """A short text in the curated languages."""

    fi: Text
    en: Text

    def in_language(self, language: str) -> str:
        """The text in ``language`` when curated in it, else in English."""
        return self.fi if language == "fi" else self.en


class Source(Strict):
    """A public page on which the statements of an answer were read."""

    url: Url | None = None
    title: Text
    checked_on: dt.date
    page_date: str | None = None


class LinkedSource(Source):
    """A source that must have an address."""

    url: Url


class Link(Strict):
    """A page to go on to."""

    url: Url
    title: Text


class Version(Strict):
    """An answer as it is read. ``based_on`` is the fingerprint of the Finnish master it was written from."""

    title: Annotated[Text, StringConstraints(max_length=LONGEST_TITLE)]
    answer: Text
    links: list[Link] = []
    based_on: str | None = None


class LanguageVersion(Version):
    """An answer in one language, with the ways in which people ask for it in that language."""

    examples: list[Text]


class MoreExamples(Strict):
    """Examples in a language in which the answer itself is not curated."""

    examples: list[Text]


class Answer(Strict):
    """One curated unit: what is said about one question, in each language."""

    id: Identifier
    topic: Identifier
    audience: Annotated[list[Audience], Field(min_length=1)]
    expert: ExpertRole
    importance: Importance
    status: Status
    reviewed_by: str | None = None
    reviewed_on: dt.date | None = None
    review_by: dt.date
    valid_until: dt.date | None = None
    sources: Annotated[list[LinkedSource], Field(min_length=1)]
    contacts: list[Identifier] = []
    municipalities: dict[Identifier, Localised] = {}
    fi: LanguageVersion
    fi_easy: Annotated[Version | None, Field(alias=EASY_FINNISH)] = None
    en: LanguageVersion
    sv: LanguageVersion | MoreExamples | None = None
    ru: LanguageVersion | MoreExamples | None = None
    uk: LanguageVersion | MoreExamples | None = None
    ar: LanguageVersion | MoreExamples | None = None
    so: LanguageVersion | MoreExamples | None = None
    fa: LanguageVersion | MoreExamples | None = None
    es: LanguageVersion | MoreExamples | None = None
    zh: LanguageVersion | MoreExamples | None = None
    et: LanguageVersion | MoreExamples | None = None
    de: LanguageVersion | MoreExamples | None = None
    fr: LanguageVersion | MoreExamples | None = None
    tr: LanguageVersion | MoreExamples | None = None
    vi: LanguageVersion | MoreExamples | None = None
    th: LanguageVersion | MoreExamples | None = None

    @model_validator(mode="after")
    def _reviewed_has_a_reviewer(self) -> Self:
        if self.status is Status.reviewed and not (self.reviewed_by and self.reviewed_on):
            raise _breach("reviewed-by-nobody", "status")
        return self

    def versions(self) -> dict[str, LanguageVersion]:
        """The languages in which the answer can be read, Finnish first."""
        found = {code: getattr(self, code) for code in LANGUAGES}
        return {code: version for code, version in found.items() if isinstance(version, LanguageVersion)}

    def readable(self) -> dict[str, Version]:
        """Everything in which the answer can be read: its languages, and easy Finnish when it has it."""
        easy = {EASY_FINNISH: self.fi_easy} if self.fi_easy is not None else {}
        return {**self.versions(), **easy}

    def examples(self) -> dict[str, list[str]]:
        """Every example by language, also of languages in which the answer cannot be read."""
        found = {code: getattr(self, code) for code in LANGUAGES}
        return {code: version.examples for code, version in found.items() if version is not None}

    @property
    def checked_on(self) -> dt.date:
        """The day on which the oldest of the sources was last read."""
        return min(source.checked_on for source in self.sources)


class FigureUnit(StrEnum):
    """How a figure is shown."""

    eur = "EUR"
    number = "number"
    date = "date"
    percent = "percent"


class FigureRow(Strict):
    """The value of a figure in a period; both ends belong to it."""

    value: dt.date | int | FiniteFloat
    valid_from: dt.date
    valid_until: dt.date | None = None
    url: Url
    title: Text
    checked_on: dt.date

    @model_validator(mode="after")
    def _period_runs_forward(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise _breach("period-runs-backward", "valid_until")
        return self


class Figure(Strict):
    """A number or date that changes. Rows are only ever added, so that the past can be looked at."""

    unit: FigureUnit
    rows: Annotated[list[FigureRow], Field(min_length=1)]

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        rows = sorted(self.rows, key=lambda row: row.valid_from)
        for earlier, later in pairwise(rows):
            if earlier.valid_until is None or earlier.valid_until >= later.valid_from:
                raise _breach("rows-overlap", "", first=earlier.valid_from, second=later.valid_from)
        for row in rows:
            if isinstance(row.value, dt.date) != (self.unit is FigureUnit.date):
                raise _breach("value-not-of-unit", "", value=row.value, unit=self.unit)
        return self

    def row_on(self, day: dt.date) -> FigureRow | None:
        """The row that covers ``day``, or None. Never the nearest one."""
        for row in self.rows:
            if row.valid_from <= day and (row.valid_until is None or day <= row.valid_until):
                return row
        return None


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class ClockSpan(Strict):
    """From when until when a contact point is open on a day."""

    open: ClockTime
    close: ClockTime

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.open >= self.close:
            raise _breach("closes-before-it-opens", "close")
        return self


class OpeningSpan(ClockSpan):
    """One span of opening hours. A day may have several: a lunch break is two spans."""

    days: Annotated[list[Weekday], Field(min_length=1)]


class OpeningException(Strict):
    """Days on which other hours hold than usual; both ends belong to it. Without spans the contact point is closed.

    It goes before public holidays: with spans it opens one.
    """

    first: dt.date
    last: dt.date
    spans: list[ClockSpan] = []
    reason: Localised | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.last < self.first:
            raise _breach("exception-runs-backward", "last")
        spans = sorted(self.spans, key=lambda span: span.open)
        for earlier, later in pairwise(spans):
            if earlier.close > later.open:
                raise _breach("spans-overlap", "spans", first=earlier.open, second=later.open)
        return self


class Phone(Strict):
    """A phone number, with what it is for when there are several."""

    number: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ]{3,20}$")]
    label: Localised | None = None


class Certainty(StrEnum):
    """How sure the details are: read on a current page, or to be checked."""

    ok = "ok"
    check = "check"


class Contact(Strict):
    """A contact point by role, never by a person's name."""

    name: Localised
    helps_with: Localised
    municipality: Identifier | None = None
    languages: list[LanguageCode] = []
    phones: list[Phone] = []
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")] | None = None
    address: Localised | Text | None = None
    website: Url | None = None
    hours: list[OpeningSpan] = []
    exceptions: list[OpeningException] = []
    always_open: bool = False
    certainty: Certainty
    source: Source | None = None
    unknown: list[Text] = []
    note: Localised | None = None

    @model_validator(mode="after")
    def _details_have_a_source(self) -> Self:
        if self.source is None and (self.phones or self.email or self.address or self.website or self.hours):
            raise _breach("contact-without-source", "source")
        return self

    @model_validator(mode="after")
    def _exceptions_fit(self) -> Self:
        if self.exceptions and (self.always_open or not self.hours):
            raise _breach("exceptions-without-hours", "exceptions")
        exceptions = sorted(self.exceptions, key=lambda each: each.first)
        for earlier, later in pairwise(exceptions):
            if earlier.last >= later.first:
                raise _breach("exceptions-overlap", "exceptions", first=earlier.first, second=later.first)
        return self

    def exception_on(self, day: dt.date) -> OpeningException | None:
        """The exception that covers ``day``, or None."""
        return next((each for each in self.exceptions if each.first <= day <= each.last), None)


class Municipality(Strict):
    """A municipality, with the stems by which its name is recognised in any Finnish case."""

    name: dict[LanguageCode, str]
    elo: Literal["partner", "takes_part", "no"]
    contact: Identifier
    stems: Annotated[list[Text], Field(min_length=1)]
    other_spellings: list[Text] = []


class Topic(Strict):
    """What an answer is about. ``expert`` says whether the permit expert takes the topic."""

    id: Identifier
    group: Identifier
    name: Localised
    expert: bool


class Boundary(Strict):
    """Example questions on the far side of a line that the guide must see: what is out of scope, abuse,
    instructions to the bot, a question on one's own case and its contrast."""

    id: Identifier
    examples: dict[str, list[Text]]

    @field_validator("examples")
    @classmethod
    def _has_examples(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        if not any(value.values()):
            raise _breach("boundary-without-examples", "")
        return value


class Twin(Strict):
    """The test of an answer: questions that must find it, and near misses that must not. None of them is an example.

    A question finds an answer when it is given at once, or stands among the choices. A near miss may have it among the choices,
    but is never answered with it.
    """

    id: Identifier
    finds: dict[LanguageCode, Annotated[list[Text], Field(min_length=1)]]
    near_misses: dict[LanguageCode, Annotated[list[Text], Field(min_length=1)]]

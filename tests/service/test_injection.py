"""Whatever newcomers and colleagues write stays text: in every field of every form, every query and every fact of a case.

What plain words make of a page is the measure: odd ones may make no element and no attribute that plain ones do not make.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import delete

from bot.handoff.tables import CaseFiguresRow
from tests.desk_people import NOON
from tests.made_cases import newcomer_says
from tests.service.case_desk import CaseDesk, Person
from tests.service.desk_browser import ServedDesk
from tests.service.desk_routes import DeskCall, answered, desk_calls
from tests.service.shown_html import SAFE_SCHEMES, Shown

PLAIN = ("plain words", "", "x" * 10_000)

PRODUCT = "51724863"
"""What a template would make of the sum below."""

ODD = {
    "script": "<script>alert(1)</script>",
    "image": "<img src=x onerror=alert(1)>",
    "out of an attribute": '" autofocus onfocus="alert(1)" x="',
    "out of an attribute with single quotes": "' onmouseover='alert(1)' x='",
    "out of a text area": "</textarea></title></select></option><svg onload=alert(1)><b>",
    "a comment": "--><!-- <b>",
    "addresses": "javascript:alert(1)",
    "Markdown": "[x](javascript:alert(1)) ![x](x) <https://evil.example> **b** `c`",
    "a template": "{{7191*7193}}${7191*7193}#{7191*7193}{% include 'base.html' %}<%= 7191*7193 %>",
    "SQL": "'; DROP TABLE cases; --",
    "SQL in a condition": "' OR '1'='1",
    "line breaks": "a\r\nSet-Cookie: planted=1\r\nLocation: https://evil.example\r\n\r\n<b>",
    "a null byte": "a\x00<b>",
    "bidirectional controls": "\u202egnihtemos\u2066 \u200f",
    "ten thousand characters": "<b>'\"" * 2000,
    "entities": "&lt;script&gt;&#60;b&#62;&quot; onclick=&quot;",
    "htmx": "<p hx-get=/desk/logout hx-trigger=load>",
    "a character that is none": "\U0001f600\ufffe",
}
TOGETHER = "all together"
ODD[TOGETHER] = " ".join(words for words in ODD.values() if len(words) < 200 and "\x00" not in words)


@pytest.fixture(scope="module")
def desk(served: tuple[ServedDesk, str]) -> Iterator[CaseDesk]:
    served[0].clock.at = NOON
    desk = CaseDesk(*served)
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def calls(served: tuple[ServedDesk, str]) -> list[DeskCall]:
    return [call for call in desk_calls(served[0].service) if call.path != "/desk/logout"]


class Trial:
    """A desk of one municipality, and every way in which words come onto its pages."""

    numbers = itertools.count(1)

    def __init__(self, desk: CaseDesk, calls: list[DeskCall]) -> None:
        self.desk, self.calls = desk, calls
        number = next(self.numbers)
        self.expert = desk.person(f"expert{number}")
        self.kitee = desk.person(f"kitee{number}", "counsellor", "kitee")

    def shown_of_newcomer(self, words: str) -> list[httpx.Response]:
        """Every page, with a case of which each fact is ``words``."""
        stored = words.replace("\x00", "")
        summary = {
            "topic": stored,
            "asked": [stored],
            "answers": [{"id": stored, "title": stored, "sources": [stored]}],
            "messages": 1,
        }
        told: dict[str, Any] = {
            "wished_time": stored[:200],
            "email": stored,
            "phone": stored,
            "audience": stored,
            "municipality": stored,
            "language": stored or "en",
            "topic": stored,
            "summary": summary,
        }
        case = self.desk.case(stored[:2000], "kitee", said=stored, **told)
        said = newcomer_says(stored, NOON)
        self.desk.say(case, said.model_copy(update={"html": stored, "language": stored or "en"}))
        return self._read(self.kitee, case)

    def typed_by_newcomer(self, words: str) -> list[httpx.Response]:
        """Every page, after the newcomer has sent ``words`` through the API to a human."""
        case = self.desk.case("Plain", "kitee")
        token, conversation = self.desk.made.token, self.desk.row(case).conversation_id
        self.kitee.see(f"/desk/cases/{case}")
        self.kitee.done(f"/desk/cases/{case}/claim")
        headers = {"Authorization": f"Bearer {token}"}
        sent = [{"text": words}, {"payload": "/help", "title": words}, {"text": "Plain", "client_id": words}]
        for number, body in enumerate(sent):
            path = f"{self.desk.address}/api/v1/conversations/{conversation}/messages"
            answer = httpx.post(path, json={"client_id": str(number), **body}, headers=headers)
            assert answer.status_code in (200, 422), answer.text
        return self._read(self.kitee, case)

    def typed_at_the_desk(self, words: str) -> list[httpx.Response]:
        """What every form says to ``words`` in all of its fields, and in each one while the others are as they should be."""
        answers = []
        for call in self.calls:
            for wrong in [list(call.fields), *([field] for field in call.fields)]:
                if not call.is_unsafe or not wrong:
                    continue
                case = self.desk.case("Plain", "kitee", municipality="kitee")
                path = f"/desk/cases/{case}"
                self.kitee.see(path)
                self.kitee.done(f"{path}/claim")
                person = self.expert if call.path.endswith("/answer-consult") else self.kitee
                if person is self.expert:
                    self.kitee.done(f"{path}/ask-expert", question="How?")
                    person.see(path)
                fields = {**call.filled(), "csrf": person.token, **dict.fromkeys(wrong, words)}
                answers.append(answered(person, call, call.at(case), fields))
                if call.is_of_case and len(wrong) == 1:
                    answers += self._read(self.kitee, case, ("", "/timeline", "/messages"))
                self.desk.run(self.desk.made.forget())
        return answers

    def asked_for(self, words: str) -> list[httpx.Response]:
        """What every address says to ``words`` in its queries, and in the place of its numbers."""
        case = self.desk.case("Plain", "kitee")
        answers = []
        for call in self.calls:
            if call.is_unsafe:
                continue
            path = call.at(case).partition("?")[0]
            queries = call.queries or ("made_up",)
            answers += [answered(self.kitee, call, f"{path}?{query}={quote(words)[:4000]}") for query in queries]
            odd = quote(words, safe="")[:2000] or "%20"
            if "{" in call.path:
                odd_path = call.path.replace("{case_id}", odd).replace("{name}", odd).replace("{fingerprint}", odd)
                odd_path = odd_path.replace("{answer_id}", odd)
                answers.append(answered(self.kitee, call, odd_path))
        self.desk.run(forget_figures(self.desk))
        filters = dict.fromkeys(("first", "last", "municipality", "topic", "language", "channel", "audience", "outcome"), words)
        answers += [self.kitee.get("/desk/reports", params={name: value[:500]}) for name, value in filters.items()]
        return answers

    def _read(self, person: Person, case: int, parts: tuple[str, ...] = ()) -> list[httpx.Response]:
        """Every page that shows a case, or only these ``parts`` of it. The reports count no cases of earlier trials."""
        self.desk.run(forget_figures(self.desk))
        reading = [call for call in self.calls if not call.is_unsafe and not call.is_open and not call.is_of_answers]
        if parts:
            reading = [call for call in reading if call.is_of_case and call.path.partition("}")[2] in parts]
        return [answered(person, call, call.at(case)) for call in reading]


async def forget_figures(desk: CaseDesk) -> None:
    async with desk.served.service.database.write() as session:
        await session.execute(delete(CaseFiguresRow))


MANY_CALLS = ("typed_at_the_desk", (TOGETHER, "line breaks", "a null byte", "ten thousand characters"))
"""The way with hundreds of calls, and the words for it: together where they do not get in each other's way."""

WAYS = ("shown_of_newcomer", "typed_by_newcomer", "typed_at_the_desk", "asked_for")


@pytest.fixture(scope="module")
def plain(desk: CaseDesk, calls: list[DeskCall]) -> dict[str, set[tuple[str, frozenset[str]]]]:
    """The elements and attributes that plain words make, by the way in which they came."""
    trial = Trial(desk, calls)
    return {
        way: set().union(*(Shown(page.text).made for words in PLAIN for page in getattr(trial, way)(words) if is_html(page)))
        for way in WAYS
    }


def is_html(answer: httpx.Response) -> bool:
    return answer.headers.get("content-type", "").startswith("text/html")


@pytest.mark.parametrize(
    ("way", "words"),
    [
        pytest.param(way, words, id=f"{way}: {name}")
        for way in WAYS
        for name, words in ODD.items()
        if way != MANY_CALLS[0] or name in MANY_CALLS[1]
    ],
)
def test_whatever_is_written_stays_text(
    desk: CaseDesk, calls: list[DeskCall], plain: dict[str, set[tuple[str, frozenset[str]]]], way: str, words: str
) -> None:
    read = ""
    for answer in getattr(Trial(desk, calls), way)(words):
        assert answer.status_code < 500, answer.request.url
        assert "planted" not in str(answer.headers.get_list("set-cookie"))
        assert "evil.example" not in answer.headers.get("location", "").partition("?")[0]
        if is_html(answer):
            shown = Shown(answer.text)
            assert shown.made <= plain[way], answer.request.url
            assert shown.schemes <= SAFE_SCHEMES, answer.request.url
            assert PRODUCT not in answer.text
            read += shown.words
    if way != "asked_for" and "\x00" not in words and not (way == "typed_by_newcomer" and len(words) > 2000):
        assert words[:2000].strip().replace("\r\n", "\n") in read.replace("\r\n", "\n"), "the words are shown nowhere"

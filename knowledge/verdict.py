"""What stands against publishing, told in lines: the same on the terminal, in the log and in the mail to the desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from knowledge.output import words

if TYPE_CHECKING:
    from knowledge.gate import Worse
    from knowledge.publishing import Result
    from knowledge.replies import Reply
    from knowledge.twin_tests import FailedTwin


def told_against(result: Result, language: str) -> list[str]:
    """Every error, failed twin and question that would get worse, a line each, in ``fi`` or ``en``."""
    return [*result.problems, *told_twins(result.twins, language), *told_worse(result.worse, language)]


def told_twins(twins: Iterable[FailedTwin], language: str) -> list[str]:
    """Failed twins, a line each."""
    said = words("publish", language)
    return [said[twin.kind].format(answer=twin.answer, question=twin.question, got=_got(twin.got, said)) for twin in twins]


def told_worse(worse: Iterable[Worse], language: str) -> list[str]:
    """Questions that would get worse, a line each."""
    said = words("publish", language)
    return [
        said["worse"].format(
            question=each.question, right=", ".join(each.answers), before=_got(each.before, said), after=_got(each.after, said)
        )
        for each in worse
    ]


def _got(reply: Reply, said: dict[str, str]) -> str:
    return said["or"].join(reply.answers) if reply.answers else said["nothing"]

"""Saves what somebody wrote into an answer's files: checked, never over somebody else's change, noted, and committed."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.conversations.database import Database
from bot.desk.accounts import Account
from bot.desk.answer_commits import Committed, commit
from bot.desk.answer_fields import Data
from bot.desk.answer_folder import AnswerFiles, AnswerFolder
from bot.desk.answer_problems import newly_wrong, problems_with
from bot.desk.audit import record
from knowledge.editing import CannotEdit, data_of, rewrite, write_file
from knowledge.load import Content
from knowledge.problems import Problem

Change = Callable[[Data, Data], tuple[Data, Data]]
"""Makes new data of the answer and of its twin out of the old."""


class ChangedMeanwhile(Exception):
    """The files are not those that the form began with."""


@dataclass(frozen=True)
class Proposal:
    """What the files would say, and what is wrong with that. ``stopping`` are the problems that came with the change."""

    files: AnswerFiles
    answer: Data
    twin: Data
    texts: Mapping[Path, str]
    """The files that change."""
    content: Content
    """All content as it would be."""
    problems: list[Problem]
    stopping: list[Problem]


def fingerprint_of(files: AnswerFiles) -> str:
    """By which a form knows whether the files are still those that it began with."""
    return hashlib.sha256("\0".join(files.texts.values()).encode()).hexdigest()[:16]


def data_in(files: AnswerFiles) -> tuple[Data, Data]:
    """The answer and its twin as data. Raises ``CannotEdit`` for what is no mapping."""
    answer, twin = (data_of(files.texts[path]) or {} for path in (files.answer, files.twin))
    if not isinstance(answer, dict) or not isinstance(twin, dict):
        raise CannotEdit("the file is not a mapping")
    return answer, twin


async def propose(folder: AnswerFolder, files: AnswerFiles, change: Change, today: dt.date) -> Proposal:
    """Make the change, and check all content with it. Raises ``CannotEdit``. Writes nothing."""

    def work() -> Proposal:
        answer, twin = change(*data_in(files))
        if twin and "id" not in twin:
            twin = {"id": answer.get("id"), **twin}
        texts = files.changed(_text(files, files.answer, answer), _text(files, files.twin, twin))
        proposed, after = problems_with(folder, {**files.texts, **texts}, today)
        before = problems_with(folder, files.texts, today)[1] if texts else after
        return Proposal(files, answer, twin, texts, proposed, after, newly_wrong(before, after))

    return await asyncio.to_thread(work)


async def save(
    folder: AnswerFolder, database: Database, proposal: Proposal, account: Account, now: dt.datetime, what: str, message: str
) -> Committed:
    """Write the files, note it in the audit log as ``what``, and commit. Raises ``ChangedMeanwhile``, ``OSError``."""

    def write() -> None:
        with folder.held():
            if any(_text_now(path) != text for path, text in proposal.files.texts.items()):
                raise ChangedMeanwhile
            for path, text in proposal.texts.items():
                write_file(path, text)

    identifier = proposal.files.answer.stem
    async with database.write() as session:
        record(session, now, account, what, detail=identifier)
        await session.flush()
        await asyncio.to_thread(write)
    return await asyncio.to_thread(commit, folder.root, list(proposal.texts), account.role, message)


def _text(files: AnswerFiles, path: Path, data: dict[str, Any]) -> str:
    return rewrite(files.texts[path], data) if data else files.texts[path]


def _text_now(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise ChangedMeanwhile from None

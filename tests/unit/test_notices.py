"""Mails about cases: each is written once, in the reader's language, without anything personal."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from bot.conversations.database import Database
from bot.handoff.notices import confirm_question, remind_of_case, tell_of_new_case
from bot.handoff.tables import OutboxRow
from knowledge.model import Localised
from tests.unit.handoff_fixtures import NOW, store_case

DESK = Localised(fi="oleskelulupa-asiantuntija", en="the residence permit expert")
PAGE = "https://guide.example.fi/desk/cases/1"


async def test_each_notice_is_written_once_and_says_nothing_personal(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'elo.db'}")
    await database.migrate()
    async with database.write() as session:
        case = await store_case(session, way="question", language="ru")
        without = await store_case(session, "c2", way="question", email=None)
        assert await tell_of_new_case(session, case, "desk@example.fi", "fi", PAGE, NOW)
        assert not await tell_of_new_case(session, case, "desk@example.fi", "fi", PAGE, NOW)
        assert await tell_of_new_case(session, case, "other@example.fi", "en", None, NOW)
        assert await remind_of_case(session, case, "desk@example.fi", "fi", PAGE, NOW)
        assert not await remind_of_case(session, case, "desk@example.fi", "fi", PAGE, NOW)
        assert await remind_of_case(session, case, "desk@example.fi", "fi", PAGE, NOW, reminder=2)
        assert await confirm_question(session, case, DESK, "https://guide.example.fi/back#secret", NOW)
        assert not await confirm_question(session, case, DESK, "https://guide.example.fi/back#other", NOW)
        assert not await confirm_question(session, without, DESK, "https://guide.example.fi/back#secret", NOW)
    async with database.session() as session:
        mails: Sequence[OutboxRow] = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
    await database.close()
    finnish, english, waits, _, confirmed = mails
    assert finnish.subject == "Uusi asia 1: jätetty kysymys"
    assert "Asiakkaan kieli: venäjä" in finnish.body
    assert "tiistaina 24.11. klo 10.00" in finnish.body
    assert PAGE in finnish.body
    assert "Language of the newcomer: Russian" in english.body
    assert "Open case 1 at the desk" in english.body
    assert waits.subject == "Asia 1 odottaa edelleen"
    assert (confirmed.to, confirmed.subject) == ("asker@example.com", "We have your question")
    assert "https://guide.example.fi/back#secret" in confirmed.body
    assert {mail.case_id for mail in mails} == {case.id}
    for mail in mails:
        for hidden in ("secret reason", "+358401234567", "asker@example.com"):
            assert hidden not in mail.subject + mail.body

"""Every conversation of ``tests/dialogue/conversations/*.yml``, held in Telegram."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.dialogue.conversation import ConversationTest, read_conversations
from tests.dialogue.play import play
from tests.telegram.conftest import Running
from tests.telegram.talk import TelegramTalk


def _case(test: ConversationTest) -> Any:
    marks = [pytest.mark.xfail(reason=test.known_failure, raises=AssertionError)] if test.known_failure else []
    return pytest.param(test, id=test.id, marks=marks)


@pytest.mark.parametrize("test", [_case(test) for test in read_conversations()])
async def test_conversation(test: ConversationTest, live_running: Running) -> None:
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(lambda: play(test, TelegramTalk(live_running, loop, test.about)))

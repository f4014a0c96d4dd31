"""Every conversation of ``conversations/*.yml``, held in the widget: in one page of a real browser, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.browser.chat import Chat
from tests.browser.chromium import running_chromium
from tests.dialogue.conversation import ConversationTest, read_conversations
from tests.dialogue.play import play
from tests.dialogue.widget_talk import WidgetTalk, open_widget
from tests.live_guide import LiveGuide


@pytest.fixture(scope="module")
def chat(live_guide: LiveGuide) -> Iterator[Chat]:
    """A script error in any of the conversations fails the last of them."""
    with running_chromium() as browser:
        page = browser.new_context(locale="en-GB", reduced_motion="reduce").new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield open_widget(page, live_guide.url)
        assert wrong == []


def _case(test: ConversationTest) -> Any:
    marks = [pytest.mark.xfail(reason=test.known_failure, raises=AssertionError)] if test.known_failure else []
    return pytest.param(test, id=test.id, marks=marks)


@pytest.mark.parametrize("test", [_case(test) for test in read_conversations()])
def test_conversation(test: ConversationTest, chat: Chat, api: httpx.Client) -> None:
    play(test, WidgetTalk(chat, api, test.about))

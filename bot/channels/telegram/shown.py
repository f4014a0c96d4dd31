"""A message of a conversation as it is shown in a chat: in parts, the buttons under the last one."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from telegram import InlineKeyboardMarkup

from bot.channels.telegram.buttons import buttons_of
from bot.channels.telegram.cards import answer_lines, card, expert_line
from bot.channels.telegram.styled import styled
from bot.messages import Message, ShownContact
from bot.texts import LANGUAGES, line_language


@dataclass(frozen=True)
class Part:
    """One message in the chat."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


def shown(message: Message, language: str | None) -> list[Part]:
    """The parts of a message, for somebody who reads ``language``. The same message always has the same parts."""
    read_in = line_language(language if language in LANGUAGES else message.language)
    texts = styled(_whole(message, read_in))
    keyboard = buttons_of(message)
    return [Part(text, keyboard if number == len(texts) else None) for number, text in enumerate(texts, 1)]


def _whole(message: Message, language: str) -> str:
    blocks: list[str] = []
    if message.author:
        blocks.append(f"<p><b>{escape(message.author)}</b></p>")
    if message.answer is not None:
        blocks.append(f"<p><b>{escape(message.answer.title)}</b></p>")
    blocks.append(message.html)
    if message.alternatives:
        listed = "".join(f"<li>{escape(each.title)}</li>" for each in message.alternatives)
        blocks.append(f"<ol>{listed}</ol>")
    if message.answer is not None:
        blocks.append(answer_lines(message.answer, language))
    if message.expert is not None:
        blocks.append(expert_line(message.expert, language))
    blocks += [card(contact, language) for contact in _contacts(message)]
    return "".join(blocks)


def _contacts(message: Message) -> list[ShownContact]:
    of_answer = message.answer.contacts if message.answer else []
    of_offer = message.expert.contacts if message.expert and message.expert.recommended else []
    return list({contact.id: contact for contact in [*of_answer, *of_offer]}.values())

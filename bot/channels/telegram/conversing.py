"""Handles updates, one at a time in a chat: words and buttons become turns, the rest is answered here."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog
from sqlalchemy.exc import IntegrityError
from telegram import InlineKeyboardMarkup
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram.chats import TELEGRAM, Chats
from bot.channels.telegram.delivery import Courier
from bot.channels.telegram.incoming import Incoming
from bot.channels.telegram.lines import greeting, parts_of
from bot.channels.telegram.sending import Gone, Refused, Sender
from bot.channels.telegram.shared import Shared
from bot.conversation import Conversation
from bot.conversations.store import UnknownConversation, add_message, new_conversation_id
from bot.dialogue import DialogueUnavailable
from bot.handoff.lines import system_line
from bot.messages import Message
from bot.notify import DESK
from bot.texts import say, say_in_telegram
from bot.turns.engine import LONGEST, Unreadable

log = structlog.get_logger(__name__)

TYPING_AFTER, TYPING_EVERY = 0.3, 4.0
"""Seconds. Telegram shows for five that somebody types; a quick reply needs no such sign."""


class Conversing:
    """What every kind of update needs: the conversation of a chat, turns in it, and words around it."""

    def __init__(self, shared: Shared, chats: Chats, courier: Courier, sender: Sender) -> None:
        self.shared = shared
        self.chats = chats
        self._courier = courier
        self._sender = sender
        self._albums: dict[int, str] = {}

    async def conversation(self, incoming: Incoming) -> Conversation:
        """The conversation of the chat; a new one with the greeting when there is none."""
        return await self.chats.conversation(incoming.chat_id) or await self.begin(incoming)

    async def begin(self, incoming: Incoming) -> Conversation:
        """A new conversation of the chat. The language of the person's Telegram is the first guess."""
        now = self.shared.parts.now()
        conversation = Conversation(
            id=new_conversation_id(), channel=TELEGRAM, language=incoming.language, created_at=now, last_at=now
        )
        await self.chats.begin(incoming.chat_id, conversation, [greeting(incoming.language, now)])
        self._courier.hear(conversation.id)
        return conversation

    async def words(self, incoming: Incoming) -> None:
        """Words are a turn. What was corrected is one too, unless only something else of the message has changed."""
        if incoming.kind == "edited":
            known = await self.chats.conversation(incoming.chat_id)
            if known is not None and await self.chats.last_words(known.id) == incoming.text.strip():
                return
        await self.turn(incoming, text=incoming.text)

    async def turn(self, incoming: Incoming, *, text: str | None = None, payload: str | None = None, title: str = "") -> None:
        """One turn, once, however often the update comes. The replies are delivered from the database."""
        conversation = await self.conversation(incoming)
        if conversation.channel != TELEGRAM:
            await self.chats.come_back(conversation.id)
        try:
            async with self._typing(incoming.chat_id, conversation):
                _, replies = await self.shared.engine.take_from(
                    TELEGRAM,
                    conversation.id,
                    client_id=f"tg-{incoming.update_id}",
                    text=text,
                    payload=payload,
                    title=title,
                )
        except Unreadable:
            count = len((text or "").strip())
            line = "too_long" if count > LONGEST else "empty"
            await self.say(incoming, conversation, [say_in_telegram(line, conversation.language, count=count, most=LONGEST)])
            return
        except UnknownConversation:  # erased on the web at this very moment
            await self.turn(incoming, text=text, payload=payload, title=title)
            return
        if any(reply.id == 0 for reply in replies):  # nothing of the conversation is kept any more
            await self._erased(incoming, conversation.language)

    async def media(self, incoming: Incoming) -> None:
        """Pictures and the like are not kept. A human is told that some were sent; a caption is read as words."""
        conversation = await self.conversation(incoming)
        once = incoming.album is None or self._albums.get(incoming.chat_id) != incoming.album
        if incoming.album is not None:
            self._albums[incoming.chat_id] = incoming.album
        language = conversation.language
        kinds = say_in_telegram(incoming.name, language)
        why = say_in_telegram("media_why", language)
        if once and conversation.owner == "human":
            line = system_line(self.shared.parts.now(), language, "not_stored", kinds=kinds)
            line.text, line.html = f"{line.text} {why}", f"{line.html}<p>{why}</p>"
            await self._announce(conversation, line.model_copy(update={"client_id": f"tg-{incoming.update_id}-media"}))
        elif once:
            await self.say(incoming, conversation, [f"{say_in_telegram('media', language, kinds=kinds)} {why}"])
        if incoming.text.strip():
            await self.turn(incoming, text=incoming.text)

    async def erase(self, incoming: Incoming, language: str | None) -> None:
        """Erase everything that was ever said in the chat, and that there was one."""
        await self._erased(incoming, language)

    async def say(
        self,
        incoming: Incoming,
        conversation: Conversation | None,
        lines: Sequence[str],
        keyboard: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Lines that belong to no conversation, after what was stored before."""
        known = conversation.id if conversation is not None else None
        await self._courier.say(incoming.chat_id, known, parts_of(lines, keyboard))

    async def acknowledge(self, incoming: Incoming, line: str | None = None, language: str | None = None) -> None:
        """Tell Telegram that the button was pressed. It is not tried again: it only ends a sign of waiting."""
        text = say_in_telegram(line, language) if line else None
        with contextlib.suppress(TelegramError):
            await self._sender.bot.answer_callback_query(incoming.callback_id, text=text, show_alert=bool(line))

    async def leave_group(self, incoming: Incoming, *, with_words: bool) -> None:
        """Groups are declined, with a word."""
        bot, chat_id = self._sender.bot, incoming.chat_id
        with contextlib.suppress(Gone, Refused):
            if with_words:
                await self._sender.send(chat_id, say_in_telegram("group", incoming.language))
            await self._sender.until_done(lambda: bot.leave_chat(chat_id))

    async def can_be_reached(self, incoming: Incoming) -> None:
        """The person has blocked the bot, or let it in again: then what has come meanwhile is delivered."""
        await self.chats.mark_blocked(incoming.chat_id, incoming.kind == "blocked")
        for conversation_id in await self.chats.all_of(incoming.chat_id):
            self._courier.hear(conversation_id)

    async def _announce(self, conversation: Conversation, line: Message) -> None:
        try:
            async with self.shared.database.write() as session:
                await add_message(session, conversation.id, line)
        except IntegrityError:
            return  # announced before the crash after which the update is handled again, or erased meanwhile
        self.shared.notifier.tell(conversation.id)
        self.shared.notifier.tell(DESK)

    async def _erased(self, incoming: Incoming, language: str | None) -> None:
        try:
            for conversation_id in await self.chats.all_of(incoming.chat_id):
                await self.shared.engine.erase(conversation_id)
        except DialogueUnavailable:
            await self.say(incoming, None, [say_in_telegram("erase_later", language)])
            return
        told_in = language or "en"
        await self.say(incoming, None, [say("erased", told_in), say_in_telegram("erased_hint", language)])

    @asynccontextmanager
    async def _typing(self, chat_id: int, conversation: Conversation) -> AsyncIterator[None]:
        """Show that an answer is coming, unless it comes at once or a human gives it."""
        if conversation.owner == "human":
            yield
            return
        task = asyncio.create_task(self._type(chat_id))
        try:
            yield
        finally:
            task.cancel()

    async def _type(self, chat_id: int) -> None:
        await asyncio.sleep(TYPING_AFTER)
        while True:
            with contextlib.suppress(TelegramError):
                await self._sender.bot.send_chat_action(chat_id, ChatAction.TYPING)
            await asyncio.sleep(TYPING_EVERY)

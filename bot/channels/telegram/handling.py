"""Which update is handled how."""

from __future__ import annotations

from bot.channels.telegram.buttons import Chosen, Pressed, read_data
from bot.channels.telegram.commands import Commands
from bot.channels.telegram.conversing import Conversing
from bot.channels.telegram.incoming import Incoming
from bot.texts import say_in_telegram


class Handling:
    """One update at a time in a chat."""

    def __init__(self, conversing: Conversing) -> None:
        self._conversing = conversing
        self._commands = Commands(conversing)
        self._declined: set[int] = set()

    async def handle(self, incoming: Incoming) -> None:
        """Do what the update asks for. What it does in the database it does once, however often the update is handled."""
        match incoming.kind:
            case "words" | "edited":
                await self._conversing.words(incoming)
            case "command":
                await self._commands.run(incoming)
            case "press":
                await self._press(incoming)
            case "media":
                await self._conversing.media(incoming)
            case "blocked" | "unblocked":
                await self._conversing.can_be_reached(incoming)
            case "group":
                await self._conversing.leave_group(incoming, with_words=incoming.chat_id not in self._declined)
                self._declined.add(incoming.chat_id)

    async def give_up(self, incoming: Incoming) -> None:
        """The guide itself has failed at this update, more than once."""
        conversation = await self._conversing.chats.conversation(incoming.chat_id)
        language = conversation.language if conversation else incoming.language
        await self._conversing.say(incoming, conversation, [say_in_telegram("failed", language)])

    async def too_many(self, incoming: Incoming) -> None:
        """More came than may wait."""
        conversation = await self._conversing.chats.conversation(incoming.chat_id)
        language = conversation.language if conversation else incoming.language
        await self._conversing.say(incoming, None, [say_in_telegram("too_many", language)])

    async def _press(self, incoming: Incoming) -> None:
        data = read_data(incoming.data)
        if isinstance(data, Chosen):
            await self._conversing.acknowledge(incoming)
            await self._commands.choose(incoming, data)
            return
        message = await self._conversing.chats.message(incoming.chat_id, data.message_id) if isinstance(data, Pressed) else None
        if message is None or not isinstance(data, Pressed) or data.index >= len(message.buttons):
            await self._conversing.acknowledge(incoming, "old_button", incoming.language)
            return
        await self._conversing.acknowledge(incoming)
        button = message.buttons[data.index]
        await self._conversing.turn(incoming, payload=button.payload, title=button.title)

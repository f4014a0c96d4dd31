"""The commands, and the choices that they offer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.channels.telegram.buttons import Chosen, choices, link_button
from bot.channels.telegram.chats import CaseIsOpen, LinkExpired
from bot.channels.telegram.conversing import Conversing
from bot.channels.telegram.incoming import Incoming
from bot.conversation import Conversation
from bot.conversations.store import make_key
from bot.handoff.standing import standing_lines
from bot.texts import CHOICES, line_language, own_name, say, say_in_telegram, say_of_case

Command = Callable[[Incoming, Conversation | None], Awaitable[None]]


class Commands:
    """What each command does. While a human speaks, those that would make the guide speak say so instead."""

    def __init__(self, conversing: Conversing) -> None:
        self._with = conversing
        self._shared = conversing.shared
        self._commands: dict[str, Command] = {
            "start": self._start,
            "help": self._help,
            "language": self._language,
            "municipality": self._municipality,
            "human": self._human,
            "status": self._status,
            "web": self._web,
            "erase": self._erase,
            "privacy": self._privacy,
        }

    async def run(self, incoming: Incoming) -> None:
        """Do what the command says."""
        await self._commands[incoming.name](incoming, await self._with.chats.conversation(incoming.chat_id))

    async def choose(self, incoming: Incoming, chosen: Chosen) -> None:
        """What was offered by a command was chosen."""
        conversation = await self._with.chats.conversation(incoming.chat_id)
        language = _language(incoming, conversation)
        if chosen.what == "erase":
            if chosen.value == "yes":
                await self._with.erase(incoming, language)
            else:
                await self._with.say(incoming, conversation, [say_in_telegram("erase_kept", language)])
        elif _human_speaks(conversation):
            await self._say(incoming, conversation, "human_speaks")
        elif chosen.what == "language" and chosen.value in CHOICES:
            payload = f'/change_language{{"language":"{chosen.value}"}}'
            await self._with.turn(incoming, payload=payload, title=own_name(chosen.value))
        elif chosen.what == "place" and chosen.value in (places := self._places(language)):
            payload = f'/set_municipality{{"municipality":"{chosen.value}"}}'
            await self._with.turn(incoming, payload=payload, title=places[chosen.value])

    async def _start(self, incoming: Incoming, conversation: Conversation | None) -> None:
        if incoming.text:
            await self._follow_link(incoming, conversation)
        elif conversation is None:
            await self._with.begin(incoming)
        elif _human_speaks(conversation):
            await self._say(incoming, conversation, "human_speaks")
        else:
            lines = [say("greeting", conversation.reads or "en"), say_in_telegram("stored", conversation.language)]
            await self._with.say(incoming, conversation, lines)

    async def _follow_link(self, incoming: Incoming, conversation: Conversation | None) -> None:
        try:
            conversation_id = await self._with.chats.take_over(incoming.chat_id, incoming.text)
        except LinkExpired:
            await self._say(incoming, conversation, "link_expired")
        except CaseIsOpen:
            await self._say(incoming, conversation, "link_open_case")
        else:
            taken = await self._shared.parts.store.find(conversation_id)
            # Said before what is delivered of the conversation, so nothing of it goes ahead of these lines.
            lines = [say_in_telegram("taken_over", taken.language), say_in_telegram("stored", taken.language)]
            await self._with.say(incoming, None, lines)
            self._shared.notifier.tell(conversation_id)

    async def _help(self, incoming: Incoming, conversation: Conversation | None) -> None:
        language = _language(incoming, conversation)
        listed = [
            f"/{name}: {say_in_telegram(f'command_{name}', language)}" for name in offered(self._shared.settings.public_url)
        ]
        await self._with.say(incoming, conversation, [say_in_telegram("help", language), "\n".join(listed)])

    async def _language(self, incoming: Incoming, conversation: Conversation | None) -> None:
        if _human_speaks(conversation):
            await self._say(incoming, conversation, "human_speaks")
            return
        question = say_in_telegram("choose_language", _language(incoming, conversation))
        await self._with.say(incoming, conversation, [question], choices("language", {code: own_name(code) for code in CHOICES}))

    async def _municipality(self, incoming: Incoming, conversation: Conversation | None) -> None:
        if _human_speaks(conversation):
            await self._say(incoming, conversation, "human_speaks")
            return
        language = _language(incoming, conversation)
        question = say_in_telegram("choose_municipality", language)
        await self._with.say(incoming, conversation, [question], choices("place", self._places(language)))

    async def _human(self, incoming: Incoming, conversation: Conversation | None) -> None:
        if _human_speaks(conversation):
            await self._say(incoming, conversation, "human_speaks")
            return
        title = say_in_telegram("command_human", _language(incoming, conversation))
        await self._with.turn(incoming, payload="/ask_human", title=title)

    async def _status(self, incoming: Incoming, conversation: Conversation | None) -> None:
        language = line_language(_language(incoming, conversation))
        case = await self._shared.parts.handoff.shown(conversation) if conversation is not None else None
        if case is None:
            await self._with.say(incoming, conversation, [say_of_case("no_case", language)])
        elif _human_speaks(conversation):
            await self._with.say(incoming, conversation, standing_lines(case, language))
        else:
            title = say_in_telegram("command_status", language)
            await self._with.turn(incoming, payload="/case_status", title=title)

    async def _web(self, incoming: Incoming, conversation: Conversation | None) -> None:
        address = self._shared.settings.public_url
        if address is None:
            await self._say(incoming, conversation, "no_web")
            return
        known = conversation or await self._with.begin(incoming)
        async with self._shared.database.write() as session:
            key = await make_key(session, known.id, self._shared.parts.now())
        button = link_button(say_in_telegram("on_the_web_button", known.language), f"{address}/chat#back={known.id}.{key}")
        await self._with.say(incoming, known, [say_in_telegram("on_the_web", known.language)], button)

    async def _erase(self, incoming: Incoming, conversation: Conversation | None) -> None:
        language = _language(incoming, conversation)
        titles = {answer: say_in_telegram(f"erase_{answer}", language) for answer in ("yes", "no")}
        await self._with.say(incoming, conversation, [say_in_telegram("erase_ask", language)], choices("erase", titles))

    async def _privacy(self, incoming: Incoming, conversation: Conversation | None) -> None:
        language, settings = _language(incoming, conversation), self._shared.settings
        lines = [say_in_telegram("privacy", language, days=settings.keep_conversations_days, months=settings.keep_cases_months)]
        page = settings.privacy_url or (f"{settings.public_url}/privacy" if settings.public_url else None)
        if page is not None:
            lines.append(say_in_telegram("privacy_link", language, link=page))
        await self._with.say(incoming, conversation, lines)

    async def _say(self, incoming: Incoming, conversation: Conversation | None, line: str) -> None:
        await self._with.say(incoming, conversation, [say_in_telegram(line, _language(incoming, conversation))])

    def _places(self, language: str | None) -> dict[str, str]:
        places = self._shared.parts.guide.content.municipalities
        return {name: each.name.get(language or "fi", each.name["fi"]) for name, each in places.items()}


def offered(public_url: str | None) -> list[str]:
    """The commands that are listed. ``/web`` needs an address to lead to."""
    listed = ["start", "help", "language", "municipality", "human", "status", "web", "erase", "privacy"]
    return [name for name in listed if name != "web" or public_url is not None]


def _language(incoming: Incoming, conversation: Conversation | None) -> str | None:
    return (conversation.language if conversation is not None else None) or incoming.language


def _human_speaks(conversation: Conversation | None) -> bool:
    return conversation is not None and conversation.owner == "human"

"""What a turn says of a hand-off: the offer with its ways, and the questions of the form."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation import Conversation
from bot.dialogue import Asked, DialogueReply
from bot.handoff.draft import EXPERT_DESK, Possible
from bot.handoff.titles import PAYLOADS, titles_of
from bot.language import direction
from bot.messages import Button, Message
from bot.opening import FINLAND, moment_text
from bot.status import Status
from bot.texts import say_in_form
from bot.turns.turn import Parts, Turn
from knowledge.markdown import as_html_text, to_html, to_text
from knowledge.model import Municipality
from knowledge.tokens import words

UNKNOWNS = 2
"""After so many turns in a row that were not answered, a human is offered without being asked for."""

TELLS_LANGUAGE = 4
"""So many words at least, without numbers and addresses, tell the language that somebody writes in the middle of the form."""


def may_hand_off(turn: Turn) -> bool:
    """Whether the dialogue must know in this turn what is possible: an offer may be taken, or the form goes on."""
    state = turn.conversation.state
    return state.form or state.offered in ("human", "handoff", "reason") or (turn.payload or "").startswith("/handoff")


def offers_human(turn: Turn, reply: DialogueReply) -> bool:
    """Whether the reply offers to hand off: it was asked for, or the guide has not been of help."""
    outcome = reply.outcome
    if outcome is None or reply.asked is not None:
        return False
    if outcome.action == "feedback":
        return outcome.feedback is not None and not outcome.feedback["helped"] and reply.said == "utter_feedback_thanks"
    return outcome.action == "offer_human" or (
        reply.status is Status.unknown and turn.conversation.state.unknowns + 1 >= UNKNOWNS
    )


def asked_from(turn: Turn) -> Conversation:
    """The conversation as of the municipality that the message itself names."""
    place = turn.outcome.municipality_asked if turn.outcome else None
    return turn.conversation if place is None else turn.conversation.model_copy(update={"municipality": place})


def is_a_detail(text: str) -> bool:
    """Whether the text is rather a number, an address or a name than words that tell a language."""
    return len(words(text)) < TELLS_LANGUAGE or "@" in text or any(map(str.isdigit, text))


def add_offer(turn: Turn, message: Message, municipalities: Mapping[str, Municipality]) -> None:
    """Add to ``message`` who would take the matter, how long it takes, what is passed on, and the ways. Nothing without ways."""
    possible = turn.possible
    if possible is None or not possible.ways:
        return
    language = turn.reply_language
    text = offer_text(possible, language, municipalities)
    message.kind = "offer"
    message.text = f"{message.text}\n\n{to_text(text)}"
    message.html += to_html(text)
    message.buttons = [*_choices("way", possible, municipalities, language), _not_now(language)]


def offer_text(possible: Possible, language: str, municipalities: Mapping[str, Municipality]) -> str:
    """The lines of the offer: who, whether they are there, how many wait, what is passed on."""
    names = municipalities[possible.desk].name if possible.desk in municipalities else {}
    who = "offer_to_expert" if possible.desk == EXPERT_DESK else "offer_to_counsellor"
    first = [say_in_form(who, language, municipality=names.get(language) or names.get("fi", ""))]
    if possible.present:
        first.append(say_in_form("offer_present", language))
    elif possible.opens_next is not None:
        when = moment_text(possible.opens_next.astimezone(FINLAND), language)
        first.append(say_in_form("offer_opens", language, when=when))
    else:
        first.append(say_in_form("offer_absent", language))
    if possible.queue:
        first.append(say_in_form("offer_queue", language, count=possible.queue))
    return " ".join(first) + "\n\n" + say_in_form("offer_passed_on", language)


def form_question(turn: Turn, asked: Asked, parts: Parts) -> Message:
    """A question of the form, with why it is asked again, and the choices of the moment."""
    language = turn.reply_language
    problem = say_in_form(f"problem_{asked.problem}", language) if asked.problem else ""
    quoted = asked.matter or "" if asked.step == "addition" else ""
    paragraphs = [(problem, to_html(problem)), (quoted and f"“{quoted}”", quoted and as_html_text(f"“{quoted}”"))]
    paragraphs.append((to_text(asked.text), to_html(asked.text)))
    choices = [] if turn.possible is None else _choices(asked.step, turn.possible, parts.guide.content.municipalities, language)
    return Message(
        at=parts.now(),
        sender="bot",
        kind="text",
        status=Status.handoff,
        text="\n\n".join(text for text, _ in paragraphs if text),
        html="".join(shown for text, shown in paragraphs if text),
        language=language,
        dir=direction(language),
        buttons=[*choices, *asked.buttons],
    )


def _choices(step: str, possible: Possible, municipalities: Mapping[str, Municipality], language: str) -> list[Button]:
    titles = titles_of(step, possible, municipalities, language)
    return [Button(title=title, payload=PAYLOADS[step].format(name)) for name, title in titles.items()]


def _not_now(language: str) -> Button:
    return Button(title=say_in_form("not_now", language), payload="/cancel")

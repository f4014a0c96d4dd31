"""Makes the replies of a turn from what the dialogue decided and what is published."""

from __future__ import annotations

import html

from bot.conversation import Offered
from bot.dialogue import DialogueReply
from bot.handoff.draft import PERMIT_EXPERT
from bot.handoff.standing import standing_lines
from bot.language import direction
from bot.messages import Button, ExpertOffer, Kind, Message, ShownAnswer
from bot.outcome import Outcome
from bot.safety.emergency import EmergencyKind
from bot.safety.replies import emergency_reply
from bot.showing import show_alternative, show_answer, show_contacts
from bot.status import ExpertReason, Status
from bot.texts import has_line, language_name, say
from bot.turns.handing_off import add_offer, form_question, offers_human
from bot.turns.turn import Parts, Turn
from knowledge.markdown import to_html, to_text

FIRST_STOP = "ihj"
"""The best known place to ask when the municipality is not known."""

LONGEST_CONTEXT = 300
"""Characters of a question that are kept for follow-ups."""


def emergency(turn: Turn, kind: EmergencyKind, parts: Parts) -> Message:
    """The help numbers, at once."""
    text, language = emergency_reply(kind, turn.language)
    return Message(
        at=parts.now(),
        sender="system" if turn.conversation.owner == "human" else "bot",
        kind="emergency",
        status=Status.emergency,
        text=to_text(text),
        html=to_html(text),
        language=language,
        dir=direction(language),
    )


def unavailable(turn: Turn, parts: Parts) -> Message:
    """Said when the dialogue cannot be reached: an honest word, and who can be reached instead."""
    kept = say("message_kept", turn.reply_language) + " " if turn.conversation.kept else ""
    message = _message(turn, parts, "notice", Status.failed, kept + say("unavailable", turn.reply_language))
    message.expert = _offer(turn, parts, ExpertReason.unknown)
    return message


def apply_changes(turn: Turn) -> None:
    """What the newcomer told about themselves holds from this very reply on."""
    outcome, conversation = turn.outcome, turn.conversation
    if outcome is None:
        return
    if "language" in outcome.set:
        conversation.language = outcome.set["language"]
        conversation.state.language_chosen = True
        turn.language = conversation.language or "en"
    if "municipality" in outcome.set:
        conversation.municipality = outcome.set["municipality"]
    if "audience" in outcome.set:
        conversation.audience = outcome.set["audience"]
    turn.erase = outcome.action == "erase"
    turn.hand_off = outcome.hand_off
    turn.withdraw = outcome.action == "withdraw_case"


def replies(turn: Turn, reply: DialogueReply, parts: Parts) -> list[Message]:
    """The messages of a turn that the dialogue has decided. The question of a form comes after the reply to a side question."""
    if reply.asked is None:
        return _said(turn, reply, parts)
    aside = bool(reply.text) or (reply.outcome is not None and reply.outcome.action != "form")
    return [*(_said(turn, reply, parts) if aside else []), form_question(turn, reply.asked, parts)]


def _said(turn: Turn, reply: DialogueReply, parts: Parts) -> list[Message]:
    outcome = reply.outcome
    if outcome is None:
        message = _message(turn, parts, "text", reply.status, reply.text)
        message.buttons = reply.buttons
        return [message]
    if turn.erase:
        return [_message(turn, parts, "notice", Status.control, say("erased", turn.reply_language))]
    if turn.withdraw:  # said when it is done, by the service that does it at the end of the turn
        return []
    if outcome.action == "offer_human":
        return [_human(turn, outcome, parts)]
    if outcome.answer_id:
        return [_answered(turn, outcome, reply.text, parts)]
    if outcome.alternatives:
        return [_choice(turn, outcome, reply.text, parts)]
    message = _message(turn, parts, "text", reply.status, reply.text)
    message.buttons = reply.buttons
    if reply.status is Status.unknown:
        message.expert = _offer(turn, parts, outcome.expert or ExpertReason.unknown, outcome.municipality_asked)
        message.buttons = [Button(title=say("ask_human", turn.reply_language), payload="/ask_human")]
    if reply.said == "utter_consent_refused":
        message.expert = _offer(turn, parts, ExpertReason.asked)
    if turn.case is not None:
        standing = "\n".join(standing_lines(turn.case, turn.reply_language))
        message.text, message.html = standing, to_html(standing)
    if offers_human(turn, reply):
        add_offer(turn, message, parts.guide.content.municipalities)
        message.expert = message.expert or _offer(turn, parts, ExpertReason.unknown)
    return [message]


def remember(turn: Turn, reply: DialogueReply) -> None:
    """What the next turn must know of this one."""
    state, outcome = turn.conversation.state, turn.outcome
    offered = offers_human(turn, reply)  # before the turn is counted
    state.offered = _OFFERS.get(reply.said or "", "nothing")
    state.form = reply.asked is not None
    if outcome is None:
        return
    if outcome.action == "start_over":
        kept = {"language_chosen": state.language_chosen, "has_case": state.has_case}
        turn.conversation.state = type(state).model_validate(kept)
        return
    if outcome.action in ("hand_off", "withdraw_case"):
        state.has_case = outcome.action == "hand_off"
    if outcome.question:
        state.question = outcome.question[-LONGEST_CONTEXT:]
        state.topic = outcome.topic
    if outcome.action == "choose" and outcome.topic:
        state.topic = outcome.topic
    if outcome.answer_id:
        state.answer_id, state.alternatives, state.unknowns = outcome.answer_id, [], 0
    elif outcome.alternatives:
        state.alternatives, state.offered = outcome.alternatives, "answers"
    elif reply.status is Status.unknown:
        state.unknowns += 1
        state.offered = "human"
    if outcome.action == "feedback":
        wanted = reply.said == "utter_ask_reason"
        state.feedback_on = outcome.feedback["answer_id"] if outcome.feedback and wanted else None
    if offered and turn.possible is not None and turn.possible.ways:
        state.offered = "handoff"


_OFFERS: dict[str, Offered] = {
    "utter_ask_erase": "erasure",
    "utter_ask_reason": "reason",
    "utter_ask_withdraw": "withdrawal",
}
"""What the responses offer by which a question is put."""


def _answered(turn: Turn, outcome: Outcome, lead: str, parts: Parts) -> Message:
    content = parts.guide.content
    municipality = outcome.municipality_asked or turn.conversation.municipality
    answer = show_answer(content.answers[str(outcome.answer_id)], content, turn.language, parts.now(), municipality)
    leads = [line for line in (lead, _language_line(turn, answer)) if line]
    message = _message(turn, parts, "answer", Status.answered, "\n\n".join([*leads, answer.text]))
    message.html = "".join(f"<p>{html.escape(line)}</p>" for line in leads) + answer.html
    message.language, message.dir = answer.language, direction(answer.language)
    message.answer = answer
    message.buttons = _feedback_buttons(turn, answer)
    message.expert = _offer(turn, parts, outcome.expert, municipality)
    if message.expert.recommended:
        message.buttons.append(Button(title=say("ask_human", turn.reply_language), payload="/ask_human"))
    turn.conversation.state.answer_language = answer.language
    return message


def _choice(turn: Turn, outcome: Outcome, lead: str, parts: Parts) -> Message:
    content = parts.guide.content
    shown = [
        show_alternative(content.answers[name], content, turn.language, parts.now())
        for name in outcome.alternatives
        if name in content.answers
    ]
    if outcome.expert is ExpertReason.own_case:
        lead = say("own_case_choice", turn.reply_language)
    listed = "\n".join(f"{number}. {alternative.title}" for number, alternative in enumerate(shown, 1))
    message = _message(turn, parts, "choice", Status.clarify, f"{lead}\n{listed}")
    message.html = f"<p>{html.escape(lead)}</p>"
    message.alternatives = shown
    message.buttons = [Button(title=each.title, payload=f'/choose{{"answer":"{each.id}"}}') for each in shown]
    message.buttons.append(Button(title=say("ask_human", turn.reply_language), payload="/ask_human"))
    message.expert = _offer(turn, parts, outcome.expert, outcome.municipality_asked)
    return message


def _human(turn: Turn, outcome: Outcome, parts: Parts) -> Message:
    """Who can be reached now, and the ways to be passed on to them. Honest about what is not known."""
    offer = _offer(turn, parts, ExpertReason.asked, outcome.municipality_asked)
    language = turn.reply_language
    lines = [say("offer_expert", language), ""]
    for contact in offer.contacts:
        phones = ", ".join(phone.number for phone in contact.phones)
        reached = f"{phones}." if phones else say("unknown_field_phone", language)
        lines.append(f"- {contact.name}: {reached} {_openness(contact.open_now, contact.opens_next, language)}")
    message = _message(turn, parts, "offer", Status.handoff, "\n".join(lines))
    message.expert = offer
    add_offer(turn, message, parts.guide.content.municipalities)
    return message


def _openness(open_now: bool | None, opens_next: str | None, language: str) -> str:
    if open_now is None:
        return say("offer_hours_unknown", language)
    if open_now:
        return say("offer_open", language)
    return say("offer_closed", language, when=opens_next or "?")


def _offer(turn: Turn, parts: Parts, reason: ExpertReason | None, municipality: str | None = None) -> ExpertOffer:
    """The permit expert, and the asker's own municipality or else the best known place."""
    if reason is None:
        return ExpertOffer(recommended=False)
    content = parts.guide.content
    place = municipality or turn.conversation.municipality
    local = content.municipalities[place].contact if place in content.municipalities else FIRST_STOP
    names = [name for name in (PERMIT_EXPERT, local) if name in content.contacts]
    return ExpertOffer(recommended=True, reason=reason, contacts=show_contacts(names, content, turn.reply_language, parts.now()))


def _feedback_buttons(turn: Turn, answer: ShownAnswer) -> list[Button]:
    language = turn.reply_language
    return [
        Button(title=say("helped", language), payload=f'/feedback_helped{{"answer":"{answer.id}"}}'),
        Button(title=say("did_not_help", language), payload=f'/feedback_not_helped{{"answer":"{answer.id}"}}'),
    ]


def _language_line(turn: Turn, answer: ShownAnswer) -> str:
    """One line that says in which language the reply comes, in the asker's language where that line exists."""
    if answer.fallback_from is None or not has_line("answer_language", turn.language):
        return ""
    if not has_line(f"in_{answer.language}", turn.language):
        return say("answer_language", turn.language)
    return say("answer_language", turn.language, in_language=language_name(answer.language, turn.language))


def _message(turn: Turn, parts: Parts, kind: Kind, status: Status | None, text: str) -> Message:
    return Message(
        at=parts.now(),
        sender="bot",
        kind=kind,
        status=status,
        text=text,
        html=to_html(text),
        language=turn.reply_language,
        dir=direction(turn.reply_language),
    )

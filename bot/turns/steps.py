"""The steps of a turn, in their order in ``STEPS``. Each does one thing; one that sets the status ends the search for a reply."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import structlog

from bot.conversation import Conversation
from bot.conversations.tables import TurnRow
from bot.dialogue import DialogueUnavailable
from bot.own_script import in_own_script
from bot.redaction import redact
from bot.safety.emergency import find_emergency
from bot.status import Status
from bot.turns import compose
from bot.turns.handing_off import asked_from, is_a_detail, may_hand_off, offers_human
from bot.turns.turn import Parts, Turn

log = structlog.get_logger(__name__)

Step = Callable[[Turn, Parts], Awaitable[None]]

MISSED = {Status.unknown, Status.clarify}

CASE = "case"
"""What stands in the place of an answer's id when the newcomer tells how a closed case went."""

LEADING_SLASHES = re.compile(r"\A[/\s]+")
"""Rasa strips every blank that Unicode knows before it looks for the slash of a payload."""


async def detect_language(turn: Turn, parts: Parts) -> None:
    """The language of the message; a chosen language stands, and a button says nothing of language."""
    conversation = turn.conversation
    if turn.payload is None:
        detection = parts.detector.detect(turn.text, conversation.language)
        turn.detected_language = detection.language
        if not conversation.state.language_chosen and not (conversation.state.form and is_a_detail(turn.text)):
            conversation.language = detection.language
    turn.language = conversation.language or "en"


async def put_in_own_script(turn: Turn, parts: Parts) -> None:
    """What is searched for: Russian typed in Latin letters is read as Russian."""
    turn.search_text = in_own_script(turn.text, turn.detected_language) if turn.payload is None else ""


async def redact_for_logs(turn: Turn, parts: Parts) -> None:
    """What logs and statistics may see of the message."""
    turn.redacted = redact(turn.text)


async def look_for_emergency(turn: Turn, parts: Parts) -> None:
    """Danger comes before everything, whoever owns the conversation."""
    emergency = find_emergency(turn.text) if turn.payload is None else None
    if emergency is not None:
        turn.status = Status.emergency
        turn.conversation.state.offered = "nothing"
        turn.replies = [compose.emergency(turn, emergency.kind, parts)]


async def respect_owner(turn: Turn, parts: Parts) -> None:
    """While a human owns the conversation, the bot is silent."""
    if turn.conversation.owner == "human":
        turn.status = turn.status or Status.human


async def encode_question(turn: Turn, parts: Parts) -> None:
    """The question's vector, once for the dialogue and for retrieval."""
    if turn.status is None and turn.payload is None:
        turn.vector = await parts.guide.encode(turn.search_text, alone=turn.alone)


async def hold_dialogue(turn: Turn, parts: Parts) -> None:
    """Rasa decides what kind of turn it is; its actions come back to the service for what they need."""
    if turn.status is not None:
        return
    if may_hand_off(turn):
        turn.possible = await parts.handoff.possible(turn.conversation, turn.conversation.state.topic, parts.now())
    try:
        reply = await parts.dialogue.turn(turn.conversation.id, rasa_text(turn), metadata(turn, parts))
    except DialogueUnavailable as error:
        log.warning("dialogue.unavailable", problem=str(error), conversation=turn.conversation.id)
        turn.status = Status.failed
        turn.replies = [compose.unavailable(turn, parts)]
        return
    turn.outcome, turn.status = reply.outcome, reply.status
    compose.apply_changes(turn)
    if turn.possible is None and offers_human(turn, reply):
        topic = reply.outcome.topic if reply.outcome else None
        turn.possible = await parts.handoff.possible(asked_from(turn), topic or turn.conversation.state.topic, parts.now())
    if reply.outcome is not None and reply.outcome.action == "case_status":
        turn.case = await parts.handoff.shown(turn.conversation)
    turn.replies = compose.replies(turn, reply, parts)
    compose.remember(turn, reply)


async def keep_feedback(turn: Turn, parts: Parts) -> None:
    """Store what the newcomer thinks of an answer, masked."""
    feedback = turn.outcome.feedback if turn.outcome else None
    if feedback and feedback["answer_id"] == CASE:
        await parts.cases.rate(turn.conversation.id, feedback["helped"])
    elif feedback and turn.conversation.kept:
        words = redact(feedback["words"]) if feedback.get("words") else None
        await parts.store.keep_feedback(
            turn.conversation.id, feedback["answer_id"], feedback["helped"], feedback.get("reason"), words, parts.now()
        )


STEPS: tuple[Step, ...] = (
    detect_language,
    put_in_own_script,
    redact_for_logs,
    look_for_emergency,
    respect_owner,
    encode_question,
    hold_dialogue,
    keep_feedback,
)


def rasa_text(turn: Turn) -> str:
    """What Rasa reads. Words of a newcomer never pass for a button's payload, whatever they begin with.

    Rasa runs no pipeline over a payload, so what the pipeline reads from the metadata (dialogue/conversation_context.py)
    goes into the payload itself.
    """
    if turn.payload is not None:
        act, brace, carried = turn.payload.partition("{")
        known = {"reply_language": turn.reply_language, "offered": turn.conversation.state.offered}
        return act + json.dumps({**(json.loads(brace + carried) if brace else {}), **known})
    return LEADING_SLASHES.sub("", turn.text) or "-"


def metadata(turn: Turn, parts: Parts) -> dict[str, Any]:
    """What the dialogue and its actions are told of the conversation."""
    conversation = turn.conversation
    return {
        "question": turn.text if turn.payload is None else "",
        "search_text": turn.search_text,
        "language": turn.language,
        "detected_language": turn.detected_language,
        "reply_language": turn.reply_language,
        "reads": turn.reads,
        "offered": conversation.state.offered,
        "municipality": conversation.municipality,
        "audience": conversation.audience,
        "state": conversation.state.model_dump(),
        "possible": None if turn.possible is None else turn.possible.model_dump(mode="json"),
        "explain": turn.explain,
        "encoder": parts.guide.encoder_name,
        "vector": None if turn.vector is None else base64.b64encode(turn.vector.astype(np.float16).tobytes()).decode(),
    }


def missed_question(turn: Turn, status: Status) -> str | None:
    """The masked words of the question to which the guide had no answer, or had one that did not help.

    Whether a choice that is offered comes to an answer shows later: then the words go (``ConversationStore.end_turn``).
    """
    outcome, state = turn.outcome, turn.conversation.state
    feedback = (outcome.feedback if outcome else None) or {}
    if status in MISSED and outcome is not None and outcome.action == "answer":
        return turn.redacted
    if feedback.get("helped") is False and not feedback["explains"] and feedback["answer_id"] == state.answer_id:
        return redact(state.question) if state.question else None
    return None


def statistics(turn: Turn, parts: Parts, took_ms: float) -> TurnRow:
    """What the reports are made from: no conversation, and no words but those of a question that was missed, masked."""
    conversation: Conversation = turn.conversation
    outcome = turn.outcome
    status = turn.status or Status.failed
    feedback = (outcome.feedback if outcome else None) or {}
    judged = parts.guide.content.answers.get(feedback.get("answer_id", ""))
    return TurnRow(
        at=parts.now(),
        channel=conversation.channel,
        status=status,
        topic=judged.topic if judged else outcome.topic if outcome else None,
        answer_id=judged.id if judged else outcome.answer_id if outcome else None,
        language=turn.reads,
        municipality=conversation.municipality,
        audience=conversation.audience,
        expert_reason=outcome.expert if outcome else None,
        missed_question=missed_question(turn, status),
        helped=None if feedback.get("explains") else feedback.get("helped"),
        took_ms=took_ms,
    )

"""Holds the conversation of a test over a channel, and compares each reply with what is expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from bot.messages import Alternative, Button, Message
from bot.status import Status
from tests.dialogue.channel import Channel
from tests.dialogue.conversation import ConversationTest, TurnTest

T = TypeVar("T")

TRIES = 5
"""On a busy machine Rasa may miss its time limit, and the newcomer is asked to try again. So they do; a turn that really
fails goes on failing."""


def play(test: ConversationTest, channel: Channel) -> None:
    """Raises ``AssertionError`` with everything in which the first deviating reply differs from what is expected."""
    replies: list[Message] = []
    buttons: list[Button] = []
    for number, turn in enumerate(test.turns, 1):
        taken = _take(turn, channel, buttons)
        messages = [each for each in taken if each.sender == "bot"] or taken  # lines of the system may follow the reply
        assert messages, f"turn {number}: there is no reply"
        reply, last = messages[0], messages[-1]
        problems = deviations(turn, reply, replies)
        if turn.asks is None and last is not reply:
            problems.append(f"there must be one reply, and then comes {last.text!r}")
        if turn.asks is not None and not turn.asks.search(last.text):
            problems.append(f"the form must ask {turn.asks.pattern!r}, and the last message is {last.text!r}")
        if turn.erased is not None and channel.is_erased() != turn.erased:
            problems.append(f"the conversation must be {'erased' if turn.erased else 'kept'}, and is not")
        said = turn.says if turn.says is not None else turn.says_one_of or turn.presses
        assert not problems, f"turn {number}, {said!r}: {'; '.join(problems)}\n{_shown(reply)}"
        replies.append(reply)
        buttons = next((each.buttons for each in reversed(messages) if each.buttons), buttons)


def deviations(turn: TurnTest, reply: Message, before: list[Message]) -> list[str]:
    """What differs in ``reply`` from what ``turn`` expects; ``before`` are the replies before it."""
    answer = reply.answer.id if reply.answer else None
    choices = [each.id for each in reply.alternatives]
    contacts = {each.id for shown in (reply.expert, reply.answer) if shown for each in shown.contacts}
    reason = (reply.expert.reason if reply.expert else None) or "none"
    offered = next((each.alternatives for each in reversed(before) if each.alternatives), [])
    repeated = before[turn.repeats_turn - 1] if turn.repeats_turn else None
    checks: list[tuple[bool, str]] = [
        (reply.status in turn.status, f"the status must be {' or '.join(turn.status)}, and is {reply.status}"),
        (not turn.answer or answer in turn.answer, f"the answer must be {' or '.join(turn.answer)}, and is {answer}"),
        (
            not turn.finds or not {answer, *choices}.isdisjoint(turn.finds),
            f"{' or '.join(turn.finds)} must be found, and is not",
        ),
        (turn.picks is None or answer == (_id(offered, turn.picks) or ""), f"choice {turn.picks} must be shown, and {answer} is"),
        (
            repeated is None or _content(repeated) == (answer, choices),
            f"what turn {turn.repeats_turn} showed must be shown again, and is not",
        ),
        (set(turn.choices_include) <= set(choices), f"the choices must include {turn.choices_include}"),
        (set(choices).isdisjoint(turn.choices_leave_out), f"the choices must leave out {turn.choices_leave_out}"),
        (turn.language in (None, reply.language), f"the language must be {turn.language}, and is {reply.language}"),
        (turn.dir in (None, reply.dir), f"the direction must be {turn.dir}, and is {reply.dir}"),
        (turn.expert_reason in (None, reason), f"the expert's reason must be {turn.expert_reason}, and is {reason}"),
        (set(turn.contact) <= contacts, f"the contacts must include {turn.contact}, and are {sorted(contacts)}"),
        (
            len(reply.buttons) >= (turn.buttons_at_least or 0),
            f"there must be at least {turn.buttons_at_least} buttons, and there are {len(reply.buttons)}",
        ),
        (
            turn.reviewed is None or (reply.answer is not None and reply.answer.reviewed == turn.reviewed),
            f"the answer must be shown as {'' if turn.reviewed else 'not '}reviewed",
        ),
        (
            turn.text_matches is None or turn.text_matches.search(reply.text) is not None,
            f"the text must match {turn.text_matches.pattern if turn.text_matches else None!r}",
        ),
    ]
    return [problem for holds, problem in checks if not holds]


def _take(turn: TurnTest, channel: Channel, buttons: Sequence[Button]) -> list[Message]:
    if turn.presses is not None:
        return _press(turn, channel, buttons)
    for text in [turn.says] if turn.says is not None else turn.says_one_of:
        messages = _until_taken(turn, partial(channel.say, text))
        if messages and messages[0].status in turn.status:
            break
    return messages


def _press(turn: TurnTest, channel: Channel, buttons: Sequence[Button]) -> list[Message]:
    payload, title = str(turn.presses), ""
    if isinstance(turn.presses, int):
        button = _at(buttons, turn.presses)
        assert button is not None, f"no button {turn.presses} is shown"
        payload, title = button.payload, button.title
    return _until_taken(turn, partial(channel.press, payload, title))


def _until_taken(turn: TurnTest, send: Callable[[], list[Message]]) -> list[Message]:
    for _ in range(TRIES):
        messages = send()
        if not any(each.status is Status.failed for each in messages) or Status.failed in turn.status:
            break
    return messages


def _at(listed: Sequence[T], position: int) -> T | None:
    index = position - 1 if position > 0 else position
    return listed[index] if -len(listed) <= index < len(listed) else None


def _id(choices: list[Alternative], position: int) -> str | None:
    choice = _at(choices, position)
    return choice.id if choice else None


def _content(reply: Message) -> tuple[str | None, list[str]]:
    return reply.answer.id if reply.answer else None, [each.id for each in reply.alternatives]


def _shown(reply: Message) -> str:
    answer, choices = _content(reply)
    shown = f"answer {answer}" if answer else f"choices {choices}" if choices else "no answer"
    return f"{reply.status}, {reply.language}, {shown}: {reply.text}"

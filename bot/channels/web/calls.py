"""What callers send to the API, and what they get, beside messages."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.messages import Alternative, Button, ExpertOffer, Message, Shape, ShownAnswer
from bot.status import Status
from knowledge.model import EASY_FINNISH, Audience

Language = Annotated[str, StringConstraints(pattern=rf"^([a-z]{{2,3}}|{EASY_FINNISH})$")]
ACTS = (
    "affirm|ask_human|cancel|case_status|change_language|choose|deny|erase_data|feedback_helped|feedback_not_helped"
    "|feedback_reason|handoff|help|repeat|set_audience|set_municipality|skip|start_over|withdraw_case"
)
"""Acts that a button may send. Rasa knows others, such as restarting, that are not for newcomers."""

Payload = Annotated[str, StringConstraints(pattern=rf'^/({ACTS})(\{{"[a-z_]{{1,20}}":"[a-z0-9_-]{{1,80}}"\}})?$')]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]


class Ask(Shape):
    """One question, of which nothing is kept."""

    question: str = Field(description="The question in the asker's own words, at most 2,000 characters.")
    language: Language | None = Field(None, description="The language of the asker when it is known; else it is detected.")
    municipality: str | None = Field(None, description="A municipality of knowledge/municipalities.yml.")
    audience: Audience | None = None
    explain: bool = Field(False, description="Whether to show the candidates and the time of each step.")


class Asked(Shape):
    """The result of one question: the same as that of the first message of a new conversation."""

    status: Status
    language: str
    detected_language: str | None
    text: str
    html: str
    dir: Literal["ltr", "rtl"]
    answer: ShownAnswer | None
    alternatives: list[Alternative]
    buttons: list[Button]
    expert: ExpertOffer
    took_ms: float
    explain: dict[str, Any] | None = None


class NewConversation(Shape):
    """A conversation to begin."""

    language: Language | None = None
    municipality: str | None = None
    audience: Audience | None = None


class Begun(Shape):
    """A conversation that has begun. The token is given once."""

    id: str
    token: str
    messages: list[Message]


class Sent(Shape):
    """A message of the newcomer: words, or the payload of a button with its title."""

    text: str | None = None
    payload: Payload | None = None
    title: str = Field("", max_length=200, pattern=r"^[^\x00]*$", description="What stood on the button that was pressed.")
    client_id: ClientId = Field(
        description="Chosen by the client, new for each message; a repeated one never causes a second turn."
    )

    @model_validator(mode="after")
    def _words_or_button(self) -> Self:
        if (self.text is None) == (self.payload is None):
            raise ValueError("send either text or payload")
        return self


class Replies(Shape):
    """The replies to one message, and the message as it was stored."""

    received: Message
    messages: list[Message]


class History(Shape):
    """Messages of a conversation, oldest first."""

    messages: list[Message]


class Health(Shape):
    """Whether the service can answer, part by part."""

    status: Literal["ok", "unavailable"]
    service: Literal["ok"]
    rasa: Literal["ok", "unavailable"]
    database: Literal["ok", "unavailable"]
    knowledge: dict[str, Any]

"""The one input channel: turns from the service come in, replies and the recognised act go back in the same call."""

from __future__ import annotations

import traceback
from typing import Any, Awaitable, Callable, Dict, List, Optional

import structlog
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from dialogue.action_results import use_ready_schema
from dialogue.tracker_store import SparingTrackerStore

log = structlog.get_logger(__name__)

use_ready_schema()


class Replies(CollectingOutputChannel):
    """Collects what the dialogue says: whole responses, with their metadata, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.said: List[Dict[str, Any]] = []

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        kept = ("text", "buttons", "custom", "metadata", "utter_action")
        self.said.append({key: message[key] for key in kept if message.get(key)})


class ServiceChannel(InputChannel):
    """``POST /webhooks/service/turn`` and ``DELETE /webhooks/service/conversations/<id>``."""

    @classmethod
    def name(cls) -> str:
        return "service"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        webhook = Blueprint("service_channel", __name__)

        @webhook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            return response.json({"ready": bool(agent and agent.is_ready())})

        @webhook.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            body = request.json
            replies = Replies()
            message = UserMessage(body["text"], replies, body["sender"], input_channel=self.name(), metadata=body.get("metadata"))
            try:
                await on_new_message(message)
            except Exception as error:
                log.error("turn.failed", error=type(error).__name__, where=_where(error))
                return response.json({"error": type(error).__name__}, status=500)
            return response.json({"replies": replies.said})

        @webhook.route("/conversations/<conversation_id:str>", methods=["DELETE"])
        async def erase(request: Request, conversation_id: str) -> HTTPResponse:
            store = request.app.ctx.agent.tracker_store
            while not isinstance(store, SparingTrackerStore):
                store = store._tracker_store
            return response.json({"erased": store.erase(conversation_id)})

        return webhook


def _where(error: BaseException) -> List[str]:
    """Kinds and places of an error and its causes. No values: what newcomers write does not belong in a log."""
    places = []
    cause: Optional[BaseException] = error
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)[-1:]
        places.append(" at ".join([type(cause).__name__, *(f"{frame.filename}:{frame.lineno}" for frame in frames)]))
        cause = cause.__cause__
    return places

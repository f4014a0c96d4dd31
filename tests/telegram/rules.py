"""The Bot API's own rules for what it is sent. What breaks one gets the error that Telegram gives."""

from __future__ import annotations

import json
import re
from typing import Any

LONGEST_TEXT = 4096
TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote", "tg-spoiler"}
TOKEN = re.compile(r"<(/?)([a-zA-Z0-9-]*)((?:\s+[a-z-]+=\"[^\"<>]*\")*)\s*>|(<)|&(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);|(&)")


class BrokenRule(Exception):
    """Bad Request; the message is Telegram's."""


def check(method: str, fields: dict[str, str]) -> None:
    """Raises ``BrokenRule`` when the Bot API would refuse the call."""
    match method:
        case "sendMessage":
            _chat(fields)
            _text(fields)
            _keyboard(fields.get("reply_markup"))
        case "sendChatAction":
            _chat(fields)
            _must(fields.get("action") in ("typing", "upload_photo"), "wrong parameter action in request")
        case "answerCallbackQuery":
            _must(bool(fields.get("callback_query_id")), "query is too old and response timeout expired or query ID is invalid")
            _must(len(fields.get("text", "")) <= 200, "MESSAGE_TOO_LONG")
        case "setMyCommands":
            _commands(fields)
        case "setWebhook":
            _must(fields["url"].startswith(("https://", "http://127.0.0.1")), "bad webhook: An HTTPS URL must be provided")
            _must(bool(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", fields["secret_token"])), "secret token is not allowed")
        case "getUpdates" | "getMe" | "deleteWebhook" | "leaveChat":
            pass
        case _:
            raise AssertionError(f"the test server does not know {method}")


def visible(html: str) -> str:
    """The text of Telegram's HTML. Raises ``BrokenRule`` when it is not well-formed."""
    out, at, opened = [], 0, []
    for token in TOKEN.finditer(html):
        out.append(html[at : token.start()])
        at = token.end()
        closing, tag, attributes, bare, entity, ampersand = token.groups()
        _must(bare is None and ampersand is None, f"can't parse entities: unexpected character at byte {token.start()}")
        if entity:
            out.append({"lt": "<", "gt": ">", "amp": "&", "quot": '"'}.get(entity, "?"))
        elif closing:
            _must(bool(opened) and opened.pop() == tag, f"can't parse entities: unmatched end tag at byte {token.start()}")
        else:
            _must(tag in TAGS, f'can\'t parse entities: unsupported start tag "{tag}" at byte {token.start()}')
            _must(not attributes or tag in ("a", "code", "blockquote"), "can't parse entities: unexpected attribute")
            opened.append(tag)
    _must(not opened, "can't parse entities: can't find end tag")
    return "".join([*out, html[at:]])


def units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def _chat(fields: dict[str, str]) -> None:
    _must(bool(re.fullmatch(r"-?\d+", fields.get("chat_id", ""))), "chat not found")


def _text(fields: dict[str, str]) -> None:
    text = fields.get("text", "")
    shown = visible(text) if fields.get("parse_mode") == "HTML" else text
    _must(bool(shown.strip()), "message text is empty")
    _must(units(shown) <= LONGEST_TEXT, "message is too long")


def _keyboard(markup: str | None) -> None:
    if markup is None:
        return
    for row in json.loads(markup)["inline_keyboard"]:
        for button in row:
            _must(bool(button.get("text", "").strip()), "text buttons are unallowed in the inline keyboard")
            _must(("url" in button) != ("callback_data" in button), "inline keyboard button must have exactly one of the fields")
            if "callback_data" in button:
                _must(1 <= len(button["callback_data"].encode()) <= 64, "BUTTON_DATA_INVALID")
            else:
                _must(button["url"].startswith(("https://", "http://", "tg://")), "BUTTON_URL_INVALID")


def _commands(fields: dict[str, str]) -> None:
    commands: list[dict[str, Any]] = json.loads(fields["commands"])
    _must(0 < len(commands) <= 100, "BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _must(bool(re.fullmatch(r"[a-z0-9_]{1,32}", command["command"])), "BOT_COMMAND_INVALID")
        _must(1 <= len(command["description"]) <= 256, "BOT_COMMAND_DESCRIPTION_INVALID")


def _must(holds: bool, problem: str) -> None:
    if not holds:
        raise BrokenRule(f"Bad Request: {problem}")

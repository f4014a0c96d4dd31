"""What of an update is needed, without names: the words, the button, the command, or the kind of thing that was sent."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel
from telegram import ChatMemberUpdated, Message, Update
from telegram.constants import ChatType

COMMANDS = ("start", "help", "language", "municipality", "human", "status", "web", "erase", "privacy")

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that Telegram is asked for. Posts in channels are not among them."""

COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*", re.IGNORECASE)
"""A command, and what a link adds to ``/start``. A command with more behind it is words: they may tell of danger."""

MEDIA: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("photo", ("photo",)),
    ("voice", ("voice", "audio")),
    ("video", ("video", "video_note", "animation")),
    ("sticker", ("sticker",)),
    ("file", ("document",)),
    ("location", ("location", "venue")),
    ("contact", ("contact",)),
    ("other", ("poll", "dice", "game", "story", "invoice", "paid_media", "checklist")),
)
"""Kinds of media, and the fields of a message in which Telegram sends each. An animation is a document too, and comes first."""

Kind = Literal["words", "edited", "press", "command", "media", "group", "blocked", "unblocked"]


class Incoming(BaseModel):
    """One update, as it is kept until it has been handled."""

    update_id: int
    chat_id: int
    kind: Kind
    text: str = ""
    """The words; the caption of a picture; what follows a command."""
    name: str = ""
    """Which command, or which kind of media."""
    data: str = ""
    """What stands behind the button."""
    callback_id: str = ""
    album: str | None = None
    """Pictures that were sent together share it."""
    language: str | None = None
    """The language of the person's Telegram: a first guess."""


def read_update(update: Update) -> Incoming | None:
    """The update, or None when there is nothing to do about it."""
    message = update.message or update.edited_message
    person = update.effective_user
    if person is None or person.is_bot:
        return None
    language = (person.language_code or "").split("-")[0].lower()
    known = language if re.fullmatch(r"[a-z]{2,3}", language) else None
    if update.my_chat_member is not None:
        return _membership(update, update.my_chat_member, known)
    if update.callback_query is not None:
        query = update.callback_query
        if query.message is None or query.message.chat.type != ChatType.PRIVATE:
            return None
        return Incoming(
            update_id=update.update_id,
            chat_id=query.message.chat.id,
            kind="press",
            data=query.data or "",
            callback_id=query.id,
            language=known,
        )
    if message is None:
        return None
    if message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        return Incoming(update_id=update.update_id, chat_id=message.chat.id, kind="group", language=known)
    if message.chat.type != ChatType.PRIVATE:
        return None
    return _private(update, message, known)


def _private(update: Update, message: Message, language: str | None) -> Incoming | None:
    incoming = Incoming(update_id=update.update_id, chat_id=message.chat.id, kind="words", language=language)
    if message.text is not None:
        incoming.text = message.text
        command = COMMAND.fullmatch(message.text)
        if update.edited_message is not None:
            incoming.kind = "edited"
        elif command and command[1].lower() in COMMANDS and (not command[2] or command[1].lower() == "start"):
            incoming.kind, incoming.name, incoming.text = "command", command[1].lower(), command[2] or ""
        return incoming
    for name, fields in MEDIA:
        if any(getattr(message, field) for field in fields):
            if update.edited_message is not None:  # a live location that moves; a caption that was corrected says too little
                return None
            incoming.kind, incoming.name, incoming.text = "media", name, message.caption or ""
            incoming.album = message.media_group_id
            return incoming
    return None


def _membership(update: Update, change: ChatMemberUpdated, language: str | None) -> Incoming | None:
    gone = change.new_chat_member.status in ("left", "kicked")
    if change.chat.type == ChatType.PRIVATE:
        kind: Kind = "blocked" if gone else "unblocked"
    elif change.chat.type == ChatType.CHANNEL or gone:
        return None
    else:
        kind = "group"
    return Incoming(update_id=update.update_id, chat_id=change.chat.id, kind=kind, language=language)

"""What an emergency is answered with: the words of `emergency_replies.yml`."""

from pathlib import Path

import yaml

from bot.safety.emergency import EmergencyKind

REPLIES: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("emergency_replies.yml").read_text("utf-8"))
FALLBACK = "en"


def emergency_reply(kind: EmergencyKind, language: str) -> tuple[str, str]:
    """The Markdown of the reply, and the language that it is in: English when there is none in the asked language."""
    used = language if language in REPLIES[kind] else FALLBACK
    return REPLIES[kind][used].strip(), used

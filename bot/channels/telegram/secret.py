"""The secret by which the webhook knows Telegram."""

from __future__ import annotations

import hashlib
import hmac

from bot.settings import Settings


def webhook_secret(settings: Settings) -> str:
    """What Telegram sends along, so that nobody else can push updates: made of the token, which only the two know."""
    return hmac.new(settings.telegram_token.encode(), b"webhook", hashlib.sha256).hexdigest()

"""The ways in: the web now, Telegram later. Each turns its own form of message into a turn."""

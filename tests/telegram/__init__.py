"""Telegram: the real library against a Bot API server that the tests bring."""

"""Hand-off: passing a conversation from the bot to a human, and the case that this makes."""

"""One turn: a newcomer's message and what it causes, as a list of steps."""

"""The service: channels, turns, conversations, and everything that faces a network."""

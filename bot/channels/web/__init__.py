"""The HTTP API, version 1, and the plain chat page."""

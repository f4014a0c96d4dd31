"""Conversations and their messages: what is stored, and how."""

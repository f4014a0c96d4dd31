"""Curated content and the code that loads, checks, publishes, indexes and searches it."""

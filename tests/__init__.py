"""Tests, by what they need: unit, service, dialogue, browser; and the evaluation."""

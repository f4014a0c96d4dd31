"""Gives Rasa the questions that retrieval will answer or refuse, as examples of the act ``ask``."""

from __future__ import annotations

from pathlib import Path

from knowledge.load import Content

ONE_IN = 5
"""One in so many of the answers' examples stands for all: Rasa tells asking from greeting, not one answer from another."""


def write_ask_examples(content: Content, path: Path) -> int:
    """Write a share of the answers' examples, and all of the boundaries', as NLU data of the act ``ask``; returns how many."""
    texts: dict[str, None] = {}
    for answer in content.answers.values():
        for examples in answer.examples().values():
            texts.update(dict.fromkeys(_on_one_line(example) for example in examples[::ONE_IN]))
    for boundary in content.boundaries.values():
        for examples in boundary.examples.values():
            texts.update(dict.fromkeys(_on_one_line(example) for example in examples))
    lines = ['version: "3.1"', "", "nlu:", "- intent: ask", "  examples: |"]
    lines += [f"    - {text}" for text in texts]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(texts)


def _on_one_line(text: str) -> str:
    """Rasa reads square brackets and braces as annotations, and a leading slash as an intent."""
    kept = "".join(" " if sign in "[]{}" else sign for sign in text)
    return " ".join(kept.split()).lstrip("/- ")

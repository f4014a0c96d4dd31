"""Writes the stock Rasa FAQ: one retrieval intent with a response for each answer, trained on the guide's own examples."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from knowledge.load import Content, load_content
from knowledge.retrieval import REFUSALS
from tests.bench.scale import FOLDER, Scale

PROJECT = FOLDER / "stock"
OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "fallback"

LIGHTER: dict[str, Any] = {"dense_dimension": {"text": 128, "label": 128}, "batch_size": [256, 512]}

Examples = dict[str, list[str]]


def pipeline(epochs: int, diet_epochs: int) -> list[dict[str, Any]]:
    """What ``rasa init`` writes for a project without a pipeline of its own, save for three things.

    With its own settings ResponseSelector has 250 million weights for the 125,000 n-grams of this content, so that a step of
    training takes a second and its 100 epochs of 660 steps most of a day on two cores (measured: 10 minutes an epoch). So
    n-grams that occur only once are left out, its first layer is as wide as DIET's (128 instead of 512), and a batch is larger.
    """
    return [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4, "min_df": 2},
        {"name": "DIETClassifier", "epochs": diet_epochs, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "retrieval_intent": "faq", "epochs": epochs, "constrain_similarities": True, **LIGHTER},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ]


def examples_by_intent(content: Content, most: int | None) -> Examples:
    """The texts that the guide's retrieval indexes: examples and titles of the answers, and the questions that are refused."""
    found: Examples = {}
    for answer in content.answers.values():
        texts = [text for each in answer.examples().values() for text in each]
        texts += [version.title for version in answer.versions().values()]
        found[f"faq/{answer.id}"] = texts
    found[OUT_OF_SCOPE] = [text for each in REFUSALS for texts in content.boundaries[each].examples.values() for text in texts]
    return {intent: _spread(list(dict.fromkeys(map(on_one_line, texts))), most) for intent, texts in found.items()}


def _spread(texts: list[str], most: int | None) -> list[str]:
    """At most so many of the texts, evenly taken, so that every language keeps its share."""
    return texts if most is None or len(texts) <= most else [texts[number * len(texts) // most] for number in range(most)]


def replies(content: Content) -> dict[str, str]:
    """The response of each answer: its id, which tells what was chosen, and its title.

    Not the whole text: the pipeline would spend its time on features of 20,000 copies of it, which ResponseSelector ignores.
    """
    shown = {f"faq/{answer.id}": f"{answer.id}: {on_one_line(answer.fi.title)}" for answer in content.answers.values()}
    return {**shown, OUT_OF_SCOPE: OUT_OF_SCOPE, "default": FALLBACK}


def chosen(text: str) -> str:
    """The id of the answer that a reply gives, or ``out_of_scope`` or ``fallback``."""
    return text.partition(":")[0]


def write_project(scale: Scale, folder: Path = PROJECT) -> tuple[str, int]:
    """Write the project; returns a hash of all that training depends on, and the number of examples."""
    content = load_content()
    examples = examples_by_intent(content, scale.examples)
    said = replies(content)
    files = {
        "config.yml": _yaml(
            {
                "recipe": "default.v1",
                "assistant_id": "stock-faq",
                "language": "fi",
                "pipeline": pipeline(scale.epochs, scale.diet_epochs),
                "policies": [{"name": "RulePolicy"}],
            }
        ),
        "domain.yml": _yaml(
            {
                "version": "3.1",
                "intents": ["faq", OUT_OF_SCOPE, "nlu_fallback"],
                "responses": {f"utter_{name}": [{"text": text}] for name, text in said.items()},
                "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
            }
        ),
        "data/rules.yml": _yaml({"version": "3.1", "rules": _rules()}),
        "data/nlu.yml": _nlu(examples),
        "credentials.yml": "rest:\n",
        "endpoints.yml": "{}\n",
    }
    digest = hashlib.sha256(json.dumps(files).encode())
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return digest.hexdigest()[:16], sum(map(len, examples.values()))


def _rules() -> list[dict[str, Any]]:
    wanted = {"faq": "utter_faq", OUT_OF_SCOPE: f"utter_{OUT_OF_SCOPE}", "nlu_fallback": "utter_default"}
    return [{"rule": intent, "steps": [{"intent": intent}, {"action": action}]} for intent, action in wanted.items()]


def _nlu(examples: Examples) -> str:
    lines = ['version: "3.1"', "", "nlu:"]
    for intent, texts in examples.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    return "\n".join(lines) + "\n"


def _yaml(data: dict[str, Any]) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1_000_000)


def on_one_line(text: str) -> str:
    """Rasa reads brackets and braces as annotations, and a leading slash as an intent."""
    kept = "".join(" " if sign in "[]{}" else sign for sign in text)
    return " ".join(kept.split()).lstrip("/-")

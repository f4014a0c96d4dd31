"""``python -m tests.eval.curation``: how well missed questions are grouped, and what the check of a new example tells of.

Grouping is measured on the development questions. Two of them mean the same when they have a right answer in common; what is out
of scope means something else each time. "Unknown" is the same with the right answers taken out of what the head says, as for
questions that no answer fits. Each example that is checked is taken out of the index first.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.curation import grouping
from bot.own_script import in_own_script
from bot.settings import read_settings
from knowledge.encoder import Vectors, make_encoder
from knowledge.example_harm import harm_of
from knowledge.isotropy import Isotropy
from knowledge.retrieval import REFUSALS, Example, Retrieval
from knowledge.snapshot import load_snapshot
from knowledge.vector_index import build_index
from tests.eval.questions import EvalQuestion, Kind, Part, read_questions

Truth = NDArray[np.bool_]


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=300, help="How many examples are checked; 0 for none.")
    count = parser.parse_args().examples
    settings = read_settings()
    encoder = make_encoder(settings.encoder)
    retrieval = load_snapshot(settings.snapshot_dir, encoder.name).retrieval
    asked = [each for each in read_questions(Part.development) if each.kind in (Kind.ask, Kind.own_case, Kind.out_of_scope)]
    vectors = encoder.encode([in_own_script(each.text, each.lang) for each in asked])
    alike = grouping.likeness(retrieval, vectors)
    spread = retrieval.isotropy.apply(vectors)
    print(f"{len(asked)} questions; nearness, then precision, recall, recall across languages, precision out of scope")
    for name, likeness, nearness in (
        ("vectors alone", spread, 0.475),
        ("live", alike, grouping.NEARNESS),
        ("live, unknown", _without_answers(retrieval, asked, alike), grouping.NEARNESS),
    ):
        figures = _judged(asked, grouping.grouped(likeness, [1] * len(asked), nearness))
        print(f"{name:14} {nearness:.3f}  " + "  ".join(f"{figure:.2f}" for figure in figures))
    if count:
        good, bad = _told(retrieval, count)
        print(f"{count} examples: told of {good:.0%} where they stand, of {bad:.0%} under the next answer")


def _judged(asked: Sequence[EvalQuestion], groups: list[list[int]]) -> list[float]:
    """B-cubed precision and recall (Bagga and Baldwin 1998) of the questions with answers, and precision of the others."""
    group_of = np.empty(len(asked), dtype=int)
    for number, rows in enumerate(groups):
        group_of[rows] = number
    together = group_of[:, None] == group_of[None, :]
    same = np.array([[one is other or bool(set(one.answers) & set(other.answers)) for other in asked] for one in asked])
    languages = np.array([each.lang for each in asked])
    abroad = same & (languages[:, None] != languages[None, :])
    right = together & same
    known = np.array([bool(each.answers) for each in asked])
    far = known & abroad.any(axis=1)
    precision = right.sum(axis=1) / together.sum(axis=1)
    recall = right.sum(axis=1) / same.sum(axis=1)
    across = (together & abroad)[far].sum(axis=1) / abroad[far].sum(axis=1)
    return [float(each.mean()) for each in (precision[known], recall[known], across, precision[~known])]


def _without_answers(retrieval: Retrieval, asked: Sequence[EvalQuestion], alike: Vectors) -> Vectors:
    """The likeness as if the right answers of each question were not among the answers."""
    labels = [label for label in retrieval.head.labels if label not in REFUSALS]
    changed = alike.copy()
    chances = changed[:, -len(labels) :]
    for row, each in enumerate(asked):
        chances[row, [place for place, label in enumerate(labels) if label in each.answers]] = 0
    chances *= np.sqrt(grouping.BY_ANSWERS) / np.maximum(np.linalg.norm(chances, axis=1, keepdims=True), 1e-9)
    return changed


def _told(retrieval: Retrieval, count: int) -> tuple[float, float]:
    """The share of examples of which something is told: under their own answer, and under the one whose examples are nearest."""
    vectors = retrieval.index.reconstruct_n(0, len(retrieval.examples))
    rows = np.random.default_rng(3).choice(len(vectors), count, replace=False)
    kept = np.setdiff1d(np.arange(len(vectors)), rows)
    examples = [retrieval.examples[row] for row in kept]
    as_it_is = Isotropy(np.zeros(vectors.shape[1], np.float32), np.zeros((0, vectors.shape[1]), np.float32))
    rest = replace(retrieval, examples=examples, index=build_index(vectors[kept]), isotropy=as_it_is)
    found = [0, 0]
    for row in rows:
        example: Example = retrieval.examples[row]
        near = np.argsort(-(vectors[kept] @ vectors[row]))
        other = next(examples[place].label for place in near if examples[place].label not in (example.label, *REFUSALS))
        for side, label in enumerate((example.label, other)):
            found[side] += bool(harm_of(rest, example.text, label, {}, lambda text, row=row: vectors[row]))
    return found[0] / count, found[1] / count


if __name__ == "__main__":
    main()

"""Fits the weights of the arms, the calibration and the bands on the development questions, and writes knowledge/tuning.json."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict

from bot.own_script import in_own_script
from knowledge.encoder import Encoder, Vectors
from knowledge.follow_up import joined, leaning, spread_together
from knowledge.retrieval import REFUSALS, Retrieval
from knowledge.scoring import PARTS, measure, probabilities
from knowledge.search import CHOICES, signs_of
from knowledge.tuning import SIGNS, TUNING_FILE, Bands, Logistic, Tuning
from tests.eval.questions import EvalQuestion, Kind

PENALTY = 0.002
"""Ridge on the weights of the arms: there are six of them and hundreds of questions."""

WRONG_AMONG_ANSWERED = 0.03
"""Among questions that the content can answer. One in a hundred below the promise of 4 %: what is fitted on questions looks
better on these than on others."""
WRONG_WITH_UNANSWERABLE = 0.04
"""Among all questions in scope, also those that the content cannot answer, for which whatever is shown is wrong."""
FALSE_REFUSALS = 0.01
CHOICES_OUT_OF_SCOPE = 0.15
LEAST_CLARIFY = 0.40
LEAST_REFUSE = 0.08
RECALL_COUNTS = 1.5
"""How many times as much as precision: a missed own case is answered as if it were general; a false one gets one line more."""
FOLDS = 5
SEED = 20261122


@dataclass
class Measured:
    """A question with everything that search measures of it."""

    question: EvalQuestion
    text: str
    parts: NDArray[np.float32]
    gold: NDArray[np.bool_]
    own_case: float


def measure_questions(questions: Sequence[EvalQuestion], retrieval: Retrieval, encoder: Encoder) -> list[Measured]:
    """Encode and measure each question, as search does: a follow-up together with the question before it."""
    labels = np.array(retrieval.labels)

    def spread_of(text: str) -> Vectors:
        return np.asarray(retrieval.isotropy.apply(encoder.encode([text]))[0], dtype=np.float32)

    measured = []
    for question in questions:
        asked = in_own_script(question.text, question.lang)
        spread = spread_of(asked)
        parts = measure(retrieval, asked, spread)
        lean = leaning(asked, question.context)
        if lean is not None and question.context is not None:
            both = joined(question.context, asked)
            together = measure(retrieval, both, spread_together(lean, question.context, asked, spread_of))
            parts = (1 - lean.joined) * parts + lean.joined * together
        wanted = REFUSALS if question.kind is Kind.out_of_scope else tuple(question.answers)
        own_case = retrieval.own_case_probability(asked, spread)
        measured.append(Measured(question, asked, parts, np.isin(labels, wanted), own_case))
    return measured


def fit_weights(measured: Sequence[Measured], used: Sequence[str] = PARTS) -> NDArray[np.float64]:
    """Weights of the arms by conditional logit: the probability of the right labels against all others is made large.

    Parts that are not ``used`` get the weight 0. Train, "Discrete Choice Methods with Simulation", chapter 3.
    """
    chosen = [each for each in measured if each.gold.any()]
    parts = np.stack([each.parts for each in chosen]).astype(np.float64)
    gold = np.stack([each.gold for each in chosen])
    mask = np.array([name in used for name in PARTS], dtype=np.float64)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = parts @ (weights * mask)
        score -= score.max(axis=1, keepdims=True)
        chance = np.exp(score)
        right = np.where(gold, chance, 0.0)
        value = -np.log(right.sum(1) / chance.sum(1)).mean() + PENALTY * float(weights @ weights)
        difference = right / right.sum(1, keepdims=True) - chance / chance.sum(1, keepdims=True)
        slope = -np.einsum("ql,qlp->p", difference, parts) / len(chosen)
        return float(value), slope * mask + 2 * PENALTY * weights

    found = minimize(loss, np.array([2.0, 2.0, 0.5, 3.0, 3.0, 0.3]) * mask, jac=True, method="L-BFGS-B")
    return np.asarray(found.x * mask)


def fit(questions: Sequence[EvalQuestion], retrieval: Retrieval, encoder: Encoder) -> Tuning:
    """Fit everything on the given (development) questions."""
    measured = measure_questions([each for each in questions if each.kind in _FITTED], retrieval, encoder)
    weights = fit_weights(measured)
    is_refusal = np.isin(np.array(retrieval.labels), REFUSALS)
    rows = [_row(each, weights, is_refusal) for each in measured]
    signs = np.stack([row[0] for row in rows])
    at_once, among = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    refusal = np.array([row[3] for row in rows])
    folds = KFold(FOLDS, shuffle=True, random_state=SEED)
    model = LogisticRegression(C=1.0, max_iter=2000)
    chance_once = cross_val_predict(model, signs, at_once, cv=folds, method="predict_proba")[:, 1]
    chance_among = cross_val_predict(model, signs, among, cv=folds, method="predict_proba")[:, 1]
    kinds = np.array([each.question.kind for each in measured])
    outside = kinds == Kind.out_of_scope
    asked = np.isin(kinds, (Kind.ask, Kind.followup))
    refuse = _refuse_band(refusal, outside)
    open_to_answer = refusal < refuse
    answerable = asked & open_to_answer & np.array([bool(each.question.answers) for each in measured])
    answer = max(
        _answer_band(chance_once, at_once, answerable, WRONG_AMONG_ANSWERED),
        _answer_band(chance_once, at_once, asked & open_to_answer, WRONG_WITH_UNANSWERABLE),
    )
    clarify = _clarify_band(chance_among, outside & open_to_answer & (chance_once < answer), int(outside.sum()))
    own = np.array([each.own_case for each in measured])
    own_band = _own_case_band(own, kinds == Kind.own_case)
    bands = Bands(answer=answer, clarify=clarify, refuse=refuse, own_case=own_band)
    evidence: dict[str, Any] = {
        "fitted_on": dt.datetime.now(dt.UTC).date().isoformat(),
        "encoder": retrieval.encoder,
        "answers": sum(label not in REFUSALS for label in retrieval.labels),
        "questions": {str(kind): int((kinds == kind).sum()) for kind in sorted(set(kinds))},
        "answered_share": round(float((chance_once >= answer)[asked & open_to_answer].mean()), 4),
        "wrong_among_answered": round(_wrong(chance_once, at_once, answerable, answer), 4),
        "wrong_among_answered_with_unanswerable": round(_wrong(chance_once, at_once, asked & open_to_answer, answer), 4),
        "right_at_rank_1": round(float(at_once[asked].mean()), 4),
        "right_in_first_3": round(float(among[asked].mean()), 4),
        "targets": {
            "wrong_among_answered": WRONG_AMONG_ANSWERED,
            "wrong_among_answered_with_unanswerable": WRONG_WITH_UNANSWERABLE,
            "false_refusals": FALSE_REFUSALS,
            "choices_out_of_scope": CHOICES_OUT_OF_SCOPE,
        },
        "ablation": ablation(measured),
    }
    return Tuning(
        weights={name: round(float(weight), 4) for name, weight in zip(PARTS, weights, strict=True)},
        right_at_once=_logistic(signs, at_once),
        right_among_three=_logistic(signs, among),
        bands=bands,
        evidence=evidence,
    )


_FITTED = (Kind.ask, Kind.own_case, Kind.out_of_scope)
"""Follow-ups are left out: they lean on a topic that only the running guide knows."""


def ablation(measured: Sequence[Measured]) -> dict[str, dict[str, float]]:
    """Share with a right answer first, and among three, by each arm alone and by all without it; cross-validated."""
    asked = [each for each in measured if each.question.kind in (Kind.ask, Kind.followup) and each.gold.any()]
    arms = {"dense": PARTS[:2], "head": PARTS[2:3], "lexical": PARTS[3:5], "word model": PARTS[5:]}
    foreign = [each for each in asked if each.question.lang not in ("fi", "en")]
    trials: dict[str, Sequence[str]] = {"all": PARTS}
    for name, parts in arms.items():
        trials[f"only {name}"] = parts
        trials[f"without {name}"] = tuple(part for part in PARTS if part not in parts)
    return {name: _held_out(asked, foreign, parts) for name, parts in trials.items()}


def _held_out(asked: list[Measured], foreign: list[Measured], used: Sequence[str]) -> dict[str, float]:
    first = among = foreign_first = 0
    apart = set(map(id, foreign))
    for train, test in KFold(FOLDS, shuffle=True, random_state=SEED).split(asked):
        weights = fit_weights([asked[row] for row in train], used)
        for row in test:
            score = asked[row].parts @ weights
            better = int((score > score[asked[row].gold].max()).sum())
            first += better == 0
            foreign_first += better == 0 and id(asked[row]) in apart
            among += better < CHOICES
    return {
        "first": round(first / len(asked), 4),
        "first_3": round(among / len(asked), 4),
        "first_but_fi_en": round(foreign_first / len(foreign), 4),
    }


def _row(
    each: Measured, weights: NDArray[np.float64], is_refusal: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], bool, bool, float]:
    total = (each.parts @ weights).astype(np.float32)
    chance = probabilities(total)
    refusal = float(chance[is_refusal].sum())
    answers_only = np.where(is_refusal, -np.inf, total).astype(np.float32)
    order = np.argsort(-answers_only)[:CHOICES]
    signs = signs_of(chance, answers_only, each.parts, order, refusal, each.text)
    right = each.gold & ~is_refusal
    return signs, bool(right[order[0]]), bool(right[order].any()), refusal


def _wrong(chance: NDArray[np.float64], right: NDArray[np.bool_], among: NDArray[np.bool_], band: float) -> float:
    answered = among & (chance >= band)
    return float((~right)[answered].mean()) if answered.any() else 0.0


def _answer_band(chance: NDArray[np.float64], right: NDArray[np.bool_], among: NDArray[np.bool_], target: float) -> float:
    """The lowest band at which, and above which, the share of wrong answers keeps to the target."""
    band = 1.0
    for candidate in np.sort(np.unique(np.round(chance[among], 3)))[::-1]:
        if _wrong(chance, right, among, candidate) <= target:
            band = float(candidate)
    return band


def _clarify_band(chance: NDArray[np.float64], outside: NDArray[np.bool_], count: int) -> float:
    """The lowest band at which few questions out of scope are offered a choice."""
    for candidate in np.arange(LEAST_CLARIFY, 1.0, 0.01):
        if (outside & (chance >= candidate)).sum() <= CHOICES_OUT_OF_SCOPE * count:
            return round(float(candidate), 3)
    return 1.0


def _refuse_band(refusal: NDArray[np.float64], outside: NDArray[np.bool_]) -> float:
    """The lowest band at which few questions in scope are refused."""
    for candidate in np.arange(LEAST_REFUSE, 1.0, 0.01):
        if (refusal[~outside] >= candidate).mean() <= FALSE_REFUSALS:
            return round(float(candidate), 3)
    return 1.0


def _own_case_band(chance: NDArray[np.float64], own: NDArray[np.bool_]) -> float:
    """The band with the best F-measure, recall counting ``RECALL_COUNTS`` times (van Rijsbergen 1979, chapter 7)."""
    best, band = 0.0, 0.5
    for candidate in np.arange(0.02, 0.99, 0.01):
        found = chance >= candidate
        both = float((found & own).sum())
        mean = (1 + RECALL_COUNTS**2) * both / (found.sum() + RECALL_COUNTS**2 * own.sum())
        if mean > best:
            best, band = mean, float(candidate)
    return round(band, 3)


def _logistic(signs: NDArray[np.float64], right: NDArray[np.bool_]) -> Logistic:
    model = LogisticRegression(C=1.0, max_iter=2000).fit(signs, right)
    weights = {name: round(float(weight), 5) for name, weight in zip(SIGNS, model.coef_[0], strict=True)}
    return Logistic(weights=weights, bias=round(float(model.intercept_[0]), 5))


def write(tuning: Tuning) -> None:
    """Write knowledge/tuning.json."""
    TUNING_FILE.write_text(tuning.model_dump_json(indent=2) + "\n", encoding="utf-8")

"""The tables of the evaluation, as Markdown, with 95 % Wilson intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from tests.eval.asking import Outcome
from tests.eval.questions import Kind

LANGUAGES = ("fi", "en", "sv", "ru", "uk", "ar")
TAGS = (
    "short",
    "typo",
    "colloquial",
    "beginner",
    "story",
    "codeswitch",
    "latin",
    "employer",
    "professional",
    "rumour",
    "municipality",
)
ASKING = (Kind.ask, Kind.followup)


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), as fractions; (0, 1) without trials."""
    if not trials:
        return 0.0, 1.0
    z = 1.959964
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(successes: int, trials: int) -> str:
    """``86 % (81–90)``."""
    if not trials:
        return "–"
    low, high = wilson(successes, trials)
    return f"{100 * successes / trials:.0f} % ({100 * low:.0f}–{100 * high:.0f})"


def answers_table(outcomes: Sequence[Outcome]) -> str:
    """Questions that have an answer, and those that have none, by language and by slice."""
    lines = [
        "| questions | n | right at once | right choice | right at once or choice | wrong | unknown | wrong among answered |",
        "|---|---|---|---|---|---|---|---|",
    ]
    asked = [each for each in outcomes if each.question.kind is Kind.ask]
    known = [each for each in asked if each.question.answers]
    rows: list[tuple[str, list[Outcome]]] = [(code, [each for each in known if each.question.lang == code]) for code in LANGUAGES]
    rows.insert(2, ("**fi and en**", [each for each in known if each.question.lang in ("fi", "en")]))
    rows.append(("10 other languages", [each for each in known if each.question.lang not in LANGUAGES]))
    rows.append(("**all but fi and en**", [each for each in known if each.question.lang not in ("fi", "en")]))
    rows += [(f"slice: {tag}", [each for each in known if tag in each.question.tags]) for tag in TAGS]
    rows.append(("follow-ups", [each for each in outcomes if each.question.kind is Kind.followup and each.question.answers]))
    for name, chosen in rows:
        if chosen:
            lines.append(_answers_row(name, chosen))
    unanswerable = [each for each in outcomes if each.question.kind in ASKING and not each.question.answers]
    if unanswerable:
        lines.append(_answers_row("no answer in the content", unanswerable))
    return "\n".join(lines)


def _answers_row(name: str, chosen: Sequence[Outcome]) -> str:
    n = len(chosen)
    right, choice = sum(each.right for each in chosen), sum(each.choice for each in chosen)
    wrong = sum(each.wrong for each in chosen)
    unknown = sum(each.status in ("unknown", "out_of_scope") for each in chosen)
    cells = [
        share(right, n),
        share(choice, n),
        share(right + choice, n),
        share(wrong, n),
        share(unknown, n),
        share(wrong, right + wrong),
    ]
    return f"| {name} | {n} | " + " | ".join(cells) + " |"


def recognition_table(outcomes: Sequence[Outcome]) -> str:
    """What must be recognised: recall among those that are, precision among those called so."""
    rows: list[tuple[str, Kind, Callable[[Outcome], bool]]] = [
        (
            "out of scope: no answer given",
            Kind.out_of_scope,
            lambda each: each.status in ("out_of_scope", "unknown", "smalltalk"),
        ),
        ("out of scope: refused as such", Kind.out_of_scope, lambda each: each.status == "out_of_scope"),
        ("own case", Kind.own_case, lambda each: each.reason == "own_case"),
        ("asking for a human", Kind.human, lambda each: each.status == "handoff"),
        ("emergency", Kind.emergency, lambda each: each.status == "emergency"),
    ]
    lines = ["| recognised | n | recall | precision |", "|---|---|---|---|"]
    for name, kind, is_so in rows:
        wanted = [each for each in outcomes if each.question.kind is kind]
        called = [each for each in outcomes if is_so(each)]
        found = sum(is_so(each) for each in wanted)
        precision = share(sum(each.question.kind is kind for each in called), len(called))
        lines.append(f"| {name} | {len(wanted)} | {share(found, len(wanted))} | {precision} |")
    near = [each for each in outcomes if each.question.kind is Kind.near_emergency]
    lines.append(
        f"| near an emergency, rightly left alone | {len(near)} | {_held(near, lambda each: each.status != 'emergency')} | – |"
    )
    spoken = [each for each in outcomes if each.detected and each.question.kind is Kind.ask]
    lines.append(
        f"| language of the question | {len(spoken)} | {_held(spoken, lambda each: each.detected == each.question.lang)} | – |"
    )
    return "\n".join(lines)


def _held(chosen: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> str:
    return share(sum(holds(each) for each in chosen), len(chosen))


def calibration_table(outcomes: Iterable[Outcome]) -> str:
    """Whether questions answered with a probability are right as often as it says."""
    chosen = [each for each in outcomes if each.right_at_once is not None and each.question.kind is Kind.ask]
    lines = ["| probability told | n | mean told | right, were the best one shown |", "|---|---|---|---|"]
    for low, high in ((0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        bucket = [each for each in chosen if low <= (each.right_at_once or 0) < high]
        if bucket:
            best = [(each.answer or (each.choices[0] if each.choices else None)) for each in bucket]
            right = sum(answer in each.question.answers for answer, each in zip(best, bucket, strict=True))
            told = sum(each.right_at_once or 0 for each in bucket) / len(bucket)
            lines.append(f"| {low:.2f}–{min(high, 1):.2f} | {len(bucket)} | {told:.2f} | {share(right, len(bucket))} |")
    return "\n".join(lines)


def ablation_table(ablation: dict[str, dict[str, float]]) -> str:
    """Whether each arm earns its place: cross-validated on the development part."""
    lines = ["| arms | right first | right among the first three | right first, languages but fi and en |", "|---|---|---|---|"]
    for name, row in ablation.items():
        lines.append(
            f"| {name} | {100 * row['first']:.1f} % | {100 * row['first_3']:.1f} % | {100 * row['first_but_fi_en']:.1f} % |"
        )
    return "\n".join(lines)

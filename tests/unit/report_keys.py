"""The keys under ``report`` in the catalogues of the desk that the reports put together or say."""

from __future__ import annotations

import re
from typing import get_args

from bot.desk.report_pages import FILTERS, KNOWN
from bot.reports.counting import QUESTIONS
from bot.reports.filters import OUTCOMES, RowsBy
from bot.reports.shapes import Withheld
from bot.reports.sheets import FACTS, SHARED
from bot.reports.store import JUDGED, WAYS
from bot.settings import ROOT
from knowledge.model import EASY_FINNISH

TABLES = ("questions_status", "cases_way", "cases_outcome", "answers_judged_judged", "cases_judged_judged")
KEYS = {
    "channel": KNOWN["channel"],
    "audience": KNOWN["audience"],
    "status": QUESTIONS,
    "way": WAYS,
    "outcome": OUTCOMES,
    "judged": JUDGED,
    "language": (EASY_FINNISH,),
}
SOURCES = [*sorted((ROOT / "bot/reports").glob("*.py")), ROOT / "bot/desk/report_pages.py"]
SAID = {key for path in SOURCES for key in re.findall(r'\bsay\(\s*"(\w+)"', path.read_text(encoding="utf-8"))}

REPORT_KEYS = {
    f"report.{name}"
    for name in (
        *SAID,
        *FACTS,
        *TABLES,
        *FILTERS,
        *("first", "last", "none"),
        *get_args(RowsBy),
        *(f"by_{by}" for by in get_args(RowsBy)),
        *get_args(Withheld),
        *(f"share_{fact}" for fact in SHARED),
        *(f"{kind}_{key}" for kind, keys in KEYS.items() for key in keys),
        *(f"what_{name}" for name in ("questions", "cases", "waits", "judged")),
        *(f"{what}_{measure}" for what in ("claimed", "ended") for measure in ("median", "p90")),
        *(f"sheet_{name}" for name in ("table", "row", "column", "value")),
    )
}

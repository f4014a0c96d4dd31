"""``python -m tests.eval.gate_questions``: the development questions as the gate's, in the content folder.

Only questions that stand alone and have a right answer: follow-ups lean on what only the running guide knows.
"""

from __future__ import annotations

import yaml

from knowledge.load import CONTENT
from tests.eval.questions import EvalQuestion, Kind, Part, read_questions

GATE_FILE = CONTENT / "gate" / "questions.yml"

HEAD = """\
# Questions of the gate (docs/content.md, "Publish"): no required answer may become harder to find without a word of confirmation.
# Written by `python -m tests.eval.gate_questions` from the development questions of tests/eval/questions/. Mend them there.
"""


def gate_text() -> str:
    """The file, whole."""
    lines = [_line(each) for each in read_questions(Part.development) if each.kind is Kind.ask and each.answers]
    return HEAD + "".join(lines)


def _line(question: EvalQuestion) -> str:
    row = {"text": question.text, "lang": question.lang, "answers": question.answers}
    return "- " + yaml.safe_dump(row, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)


if __name__ == "__main__":
    GATE_FILE.parent.mkdir(exist_ok=True)
    GATE_FILE.write_text(gate_text(), encoding="utf-8")

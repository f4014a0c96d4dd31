"""How a problem is told."""

from pathlib import Path

from knowledge.problems import Problem, shown_path


def test_a_problem_reads_as_place_what_and_remedy() -> None:
    assert str(Problem("knowledge/topics.yml", 7, "the topic is listed twice", "Remove one")) == (
        "knowledge/topics.yml:7: the topic is listed twice. Remove one."
    )


def test_problems_are_ordered_by_file_then_line() -> None:
    told = [Problem("b", 1, "", ""), Problem("a", 10, "", ""), Problem("a", 9, "", "")]
    assert [(problem.path, problem.line) for problem in sorted(told)] == [("a", 9), ("a", 10), ("b", 1)]


def test_a_path_is_shown_below_the_repository(tmp_path: Path) -> None:
    assert shown_path(tmp_path / "knowledge" / "topics.yml", tmp_path) == "knowledge/topics.yml"
    assert shown_path(Path("/elsewhere/topics.yml"), tmp_path) == "/elsewhere/topics.yml"

"""The verbs publish, history, rollback, diff and try, as a person and as a program use them."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from knowledge.__main__ import app
from knowledge.load import CONTENT
from knowledge.output import TOLD_IN, words
from knowledge.published import current_id, make_current, snapshot_ids
from tests.eval.gate_questions import GATE_FILE, gate_text
from tests.eval.questions import Part, read_questions
from tests.unit.content_fixtures import BUS, HOME, PERMIT, FakeEncoder, put, write, write_content

VERBS = ("publish", "history", "rollback", "diff", "try")


@pytest.fixture(autouse=True)
def _small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELO_SNAPSHOT_DIR", str(tmp_path / "snapshots"))
    monkeypatch.setenv("ELO_CONTENT_DIR", str(write_content(tmp_path)))
    monkeypatch.setattr("knowledge.encoder.make_encoder", lambda setting: FakeEncoder())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


def run(*told: str) -> Result:
    return CliRunner().invoke(app, [*told, *(() if "--json" in told else ("--lang", "en"))])


def as_data(*told: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(run(*told, "--json").stdout)
    return data


@pytest.mark.parametrize("verb", VERBS)
def test_both_languages_say_the_same(verb: str) -> None:
    catalogue = yaml.safe_load((CONTENT / "verbs" / "texts" / f"{verb}.yml").read_text(encoding="utf-8"))
    assert tuple(catalogue) == TOLD_IN
    assert list(words(verb, "fi")) == list(words(verb, "en"))
    for key, said in words(verb, "fi").items():
        assert sorted(_values(said)) == sorted(_values(words(verb, "en")[key]))


def _values(said: str) -> list[str]:
    return [part.split("}")[0] for part in said.split("{")[1:]]


def test_publish_tells_what_it_did(folder: Path) -> None:
    result = run("publish", "--by", "counsellor")
    assert result.exit_code == 0
    assert result.output.startswith(f"Published {current_id(folder)}: 4 answers, 90 examples. 4 new, 0 changed, 0 removed.")
    assert "Everything was fitted anew" in result.output


def test_publish_tells_errors_and_that_nothing_changed(tmp_path: Path, folder: Path) -> None:
    run("publish")
    write_content(tmp_path, put(BUS, "review_by", "soon"))
    result = run("publish")
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert any("bus_ticket.yml" in line for line in lines)
    assert lines[-1] == "Not published: 1 errors. What was live before is still live."
    assert len(snapshot_ids(folder)) == 1


def test_publish_for_programs_has_everything(tmp_path: Path) -> None:
    told = as_data("publish", "--by", "counsellor")
    assert told["published"] is True
    assert {"id", "answers", "examples", "problems", "worse", "twins", "seconds", "full", "changes", "left"} <= told.keys()
    write_content(tmp_path, put("twins/everyday/bus_ticket.yml", "finds", {"fi": ["kerro vitsi"]}))
    failed = run("publish", "--json")
    assert failed.exit_code == 1
    told = json.loads(failed.stdout)
    assert (told["published"], told["id"], told["twins"][0]["question"]) == (False, None, "kerro vitsi")


def test_what_would_get_worse_needs_a_word(tmp_path: Path, folder: Path) -> None:
    gate = write("gate/questions.yml", "- {text: oleskelulupa paperilla, lang: fi, answers: [first_permit]}\n")
    write_content(tmp_path, gate)
    run("publish")
    (tmp_path / "knowledge" / PERMIT).unlink()
    (tmp_path / "knowledge/twins/permits/first_permit.yml").unlink()
    result = run("publish")
    assert result.exit_code == 1
    assert '"oleskelulupa paperilla" (right: first_permit): first_permit before, ' in result.stderr
    assert "knowledge publish --confirm" in result.stderr
    assert as_data("publish")["worse"][0]["question"] == "oleskelulupa paperilla"
    assert len(snapshot_ids(folder)) == 1
    assert run("publish", "--confirm").exit_code == 0
    assert len(snapshot_ids(folder)) == 2


def test_if_changed_leaves_what_is_live_and_what_was_rolled_back(tmp_path: Path, folder: Path) -> None:
    assert run("publish", "--if-changed").output.startswith("Published")
    assert run("publish", "--if-changed").output == "This content is published already.\n"
    write_content(tmp_path, put(BUS, "fi", "examples", 0, "uusi esimerkki"))
    run("publish")
    first, second = snapshot_ids(folder)
    back = run("rollback", "--by", "counsellor")
    assert back.output.startswith(f"Put back {first} instead of {second}.")
    held = run("publish", "--if-changed")
    assert (held.exit_code, current_id(folder)) == (0, first)
    assert held.output.startswith("An earlier snapshot was put back")
    assert run("history").output.splitlines()[-1].startswith(f"{first} was put back on ")


def test_history_has_a_line_for_each_snapshot(tmp_path: Path, folder: Path) -> None:
    assert run("history").output == "Nothing is published yet. Run `python -m knowledge publish`.\n"
    run("publish", "--by", "counsellor")
    write_content(tmp_path, put(HOME, "fi", "examples", 0, "uusi esimerkki"))
    run("publish", "--by", "expert")
    newest, oldest = run("history").output.splitlines()[1:]
    assert ("expert" in newest, "counsellor" in oldest) == (True, True)
    assert newest.endswith("live now; 1 changed: home_municipality")
    assert oldest.endswith("4 new: bus_ticket, first_permit, hire_worker …")
    told = as_data("history")
    assert [each["live"] for each in told["snapshots"]] == [True, False]
    assert as_data("history", "--keep", "1")["removed"] == [told["snapshots"][1]["id"]]
    assert run("history", "--keep", "1").output.splitlines()[0] == "0 old snapshots were taken away."


def test_a_long_history_is_cut_short(folder: Path) -> None:
    run("publish")
    newest = current_id(folder) or ""
    manifest = (folder / newest / "manifest.json").read_text(encoding="utf-8")
    for number in range(25):
        old = folder / f"20200101T0000{number:02}-0000"
        old.mkdir()
        (old / "manifest.json").write_text(manifest.replace(newest, old.name), encoding="utf-8")
    short, whole = run("history").output.splitlines(), run("history", "--all").output.splitlines()
    assert (len(short), len(whole)) == (22, 27)
    assert short[-1].startswith("… and 6 older ones.")


def test_rollback_to_what_is_not_there_says_so() -> None:
    run("publish")
    result = run("rollback", "20200101T000000-0000")
    assert result.exit_code == 1
    assert "20200101T000000-0000 cannot be read" in result.stderr


def test_diff_shows_texts_and_replies(tmp_path: Path) -> None:
    run("publish")
    write_content(
        tmp_path,
        put(BUS, "fi", "title", "Mikä on lippu?"),
        put(BUS, "fi", "examples", 0, "aivan eri asia"),
        put("figures.yml", "bus-fare", "unit", "number"),
    )
    result = run("diff")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert "What would change" in lines[0] + lines[1]
    assert {"bus_ticket fi, 1 more examples, 1 fewer examples", "  - Miten käy bussilippu?", "  + Mikä on lippu?"} <= set(lines)
    assert "Figures change." in lines
    assert any(line.endswith("(5 were asked).") for line in lines)
    assert as_data("diff")["changes"]["changed"] == ["bus_ticket"]


def test_diff_of_two_snapshots(tmp_path: Path, folder: Path) -> None:
    run("publish")
    write_content(tmp_path, put(BUS, "fi", "examples", 0, "uusi esimerkki"))
    run("publish")
    first, second = snapshot_ids(folder)
    told = as_data("diff", first, second)
    assert (told["before"], told["after"], told["changes"]["changed"]) == (first, second, ["bus_ticket"])
    same = run("diff", second, second).output
    assert "The content is the same." in same
    assert "0 questions would get another reply" in same


def test_diff_without_anything_published_says_so() -> None:
    result = run("diff")
    assert result.exit_code == 1
    assert "knowledge publish" in result.stderr


def test_try_tells_what_would_be_answered_and_why() -> None:
    run("publish")
    told = as_data("try", "bussilippu netissä")
    assert told["answers"][0]["id"] == "bus_ticket"
    assert told["candidates"][0]["parts"].keys() >= {"dense_nearest", "head", "lexical_nearest"}
    assert told["steps_ms"].keys() >= {"encode", "arms"}
    shown = run("try", "bussilippu netissä").output
    assert "bus_ticket" in shown
    assert "words, nearest" in shown
    assert "in the band" in shown


def test_try_knows_an_emergency() -> None:
    run("publish")
    assert as_data("try", "mieheni hakkaa minua")["emergency"] == "violence"
    assert "An emergency" in run("try", "mieheni hakkaa minua").output


def test_try_of_a_draft_does_not_publish(tmp_path: Path, folder: Path) -> None:
    run("publish")
    live = current_id(folder)
    write_content(tmp_path, put(BUS, "fi", "examples", 0, "nysse ratikka"), write(HOME, "id: [\n"))
    told = as_data("try", "nysse ratikka", "--draft")
    assert (told["snapshot"], told["answers"][0]["id"]) == ("draft", "bus_ticket")
    assert len(told["errors"]) >= 1
    assert current_id(folder) == live
    assert len(snapshot_ids(folder)) == 1


def test_try_reads_a_follow_up() -> None:
    run("publish")
    assert as_data("try", "entä paperilla?", "--after", "mistä oleskelulupa haetaan")["follow_up"] is True


def test_try_of_a_snapshot_that_is_broken_says_so(folder: Path) -> None:
    run("publish")
    make_current(folder, "20200101T000000-0000")
    result = run("try", "bussilippu")
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_the_gate_holds_the_development_questions_and_no_others() -> None:
    text = GATE_FILE.read_text(encoding="utf-8")
    assert text == gate_text(), "run `python -m tests.eval.gate_questions`"
    final = {question.text for question in read_questions(Part.final)}
    assert not final & {row["text"] for row in yaml.safe_load(text)}

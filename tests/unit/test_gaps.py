"""What counsellors must fill in is told under its heading, the worst first."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from knowledge.__main__ import app
from knowledge.gaps import SOON, find_gaps, leads_to
from knowledge.gaps_told import as_text
from knowledge.load import load_content
from knowledge.output import words
from tests.unit.content_fixtures import BUS, DAY, HIRE, HOME, PERMIT, Change, drop, put, write, write_content

CONTACTS = "contacts.yml"
UNKNOWN, TO_CHECK, MUNICIPALITIES, TOPICS, REVIEWS, ANSWERS, FIGURES, DRAFTS = range(8)
ENGLISH = words("gaps", "en")


def lines_of(kind: int, folder: Path, *changes: Change, today: dt.date = DAY) -> list[str]:
    told = as_text(find_gaps(load_content(write_content(folder, *changes)), today), ENGLISH, "en").split("\n\n")
    return [line.removeprefix("  ") for line in told[kind].splitlines()[1:]]


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["gaps", *map(str, words)])


def another_contact(name: str, **more: object) -> Change:
    contact = {
        "name": {"fi": "Toimisto", "en": "Office"},
        "helps_with": {"fi": "lupa", "en": "permit"},
        "certainty": "ok",
        **more,
    }
    return put(CONTACTS, name, contact)


def test_whole_content_has_no_gaps_but_drafts_and_topics_without_local_contact(tmp_path: Path) -> None:
    gaps = find_gaps(load_content(write_content(tmp_path)), DAY)
    assert [len(each.rows) for each in gaps] == [0, 0, 0, 3, 0, 0, 0, 4]
    told = as_text(gaps, ENGLISH, "en")
    assert told.startswith("Contacts with details that are not known: none\n\nContacts to check")
    assert told.endswith("\n\nDrafts: 4")


def test_unknown_details_are_told_with_the_contact_that_most_answers_lead_to_first(tmp_path: Path) -> None:
    changes = (
        put(CONTACTS, "town_desk", "unknown", ["hours", "person_in_charge"]),
        another_contact("office", unknown=["phone"]),
        another_contact("archive", unknown=["phone"]),
        put(HIRE, "contacts", ["office"]),
        put(PERMIT, "contacts", ["office"]),
    )
    assert lines_of(UNKNOWN, tmp_path, *changes) == [
        "office, Office: phone (2 answers)",
        "town_desk, Advice desk: hours, person in charge (1 answer)",
        "archive, Office: phone (0 answers)",
    ]


def test_the_contact_of_a_municipality_stands_in_for_other_local_offices(tmp_path: Path) -> None:
    changes = (
        another_contact("kitee_desk", municipality="kitee"),
        another_contact("national"),
        put(
            "municipalities.yml",
            "kitee",
            {"name": {"fi": "Kitee"}, "elo": "partner", "contact": "kitee_desk", "stems": ["kitee"]},
        ),
        put(BUS, "contacts", ["national"]),
        put(PERMIT, "contacts", ["not_there"]),
    )
    content = load_content(write_content(tmp_path, *changes))
    assert [leads_to(content, name) for name in ("town_desk", "kitee_desk", "national")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"title": "Sivu", "checked_on": "2026-11-01"}, "page date unknown, read on 2026-11-01"),
        (
            {"url": "https://example.fi/", "title": "Sivu", "checked_on": "2026-11-01", "page_date": "2021"},
            "page date 2021, read on 2026-11-01, https://example.fi/",
        ),
        (None, "no source"),
    ],
)
def test_contacts_to_check_are_told_with_the_date_of_their_page(tmp_path: Path, source: object, told: str) -> None:
    change = another_contact("office", certainty="check", source=source)
    assert lines_of(TO_CHECK, tmp_path, change) == [f"office, Office: {told} (0 answers)"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ((drop(CONTACTS, "town_desk", "phones"),), ["Joensuu: town_desk has nothing"]),
        (
            (drop(CONTACTS, "town_desk", "phones"), put(CONTACTS, "town_desk", "website", "https://example.fi/")),
            ["Joensuu: town_desk has only a website"],
        ),
        ((drop(CONTACTS, "town_desk", "phones"), put(CONTACTS, "town_desk", "email", "info@example.fi")), []),
        ((drop(CONTACTS, "town_desk"),), ["Joensuu: town_desk has nothing"]),
    ],
)
def test_municipalities_whose_contact_cannot_be_reached(tmp_path: Path, changes: tuple[Change, ...], told: list[str]) -> None:
    assert lines_of(MUNICIPALITIES, tmp_path, *changes) == told


def test_topics_without_a_local_contact(tmp_path: Path) -> None:
    phone = {"phones": [{"number": "013 111 111"}], "source": {"title": "Sivu", "checked_on": "2026-11-01"}}
    changes = (
        another_contact("permit_expert", **phone),
        another_contact("national", **phone),
        another_contact("bus_joensuu"),
        put(PERMIT, "contacts", ["permit_expert"]),
        put(HIRE, "contacts", ["permit_expert", "national"]),
        put(BUS, "contacts", ["bus_joensuu"]),
    )
    assert lines_of(TOPICS, tmp_path, *changes) == ["hiring, hiring", "bus, bus: bus_joensuu without details"]


def test_reviews_are_told_from_sixty_days_before_and_overdue_ones_first(tmp_path: Path) -> None:
    changes = (
        put(BUS, "review_by", str(DAY + SOON)),
        put(HIRE, "review_by", str(DAY + SOON + dt.timedelta(days=1))),
        put(HOME, "review_by", "2026-11-21"),
    )
    assert lines_of(REVIEWS, tmp_path, *changes) == [
        "home_municipality: overdue since 2026-11-21",
        f"bus_ticket: due on {DAY + SOON}",
    ]


def test_answers_that_end(tmp_path: Path) -> None:
    changes = (
        put(BUS, "valid_until", "2026-12-31"),
        put(HIRE, "valid_until", "2027-12-31"),
        put(HOME, "valid_until", "2026-10-31"),
    )
    assert lines_of(ANSWERS, tmp_path, *changes) == ["home_municipality: ended on 2026-10-31", "bus_ticket: ends on 2026-12-31"]


def test_figures_whose_last_row_ends_are_told_with_the_answers_that_quote_them(tmp_path: Path) -> None:
    ending = put("figures.yml", "bus-fare", "rows", 1, "valid_until", "2026-12-31")
    assert lines_of(FIGURES, tmp_path / "quoted", ending) == ["bus-fare: ends on 2026-12-31; quoted in bus_ticket"]
    told = lines_of(FIGURES, tmp_path / "unquoted", ending, drop(BUS))
    assert told == ["bus-fare: ends on 2026-12-31; quoted in no answer"]


def test_figures_that_ended_long_ago_are_told_only_while_an_answer_quotes_them(tmp_path: Path) -> None:
    assert lines_of(FIGURES, tmp_path) == []
    quoting = put(HOME, "municipalities", "joensuu", {"fi": "Maksu {{ old-fee }}.", "en": "Fee {{ old-fee }}."})
    assert lines_of(FIGURES, tmp_path, quoting) == ["old-fee: ended on 2024-12-31; quoted in home_municipality"]


def test_the_command_lists_gaps_as_of_a_day_and_says_what_is_left_out(tmp_path: Path) -> None:
    root = write_content(tmp_path, write(BUS, "id: [\n"))
    result = run("--content", root, "--on", "2027-01-15", "--lang", "en")
    assert result.exit_code == 0
    assert "hire_worker: due on 2027-02-28" in result.stdout
    assert result.stderr == "What cannot be read is left out. Run `python -m knowledge check`.\n"


def test_the_command_speaks_finnish(tmp_path: Path) -> None:
    changes = (
        put(CONTACTS, "town_desk", "unknown", ["hours", "door_code"]),
        put(CONTACTS, "town_desk", "certainty", "check"),
        put(BUS, "review_by", "2026-11-21"),
        put(HIRE, "valid_until", "2026-12-31"),
        put("figures.yml", "bus-fare", "rows", 1, "valid_until", "2026-12-31"),
    )
    told = run("--content", write_content(tmp_path, *changes), "--on", str(DAY), "--lang", "fi").stdout.splitlines()
    assert [line for line in told if line] == [
        "Yhteystiedot, joista puuttuu tietoja: 1",
        "  town_desk, Neuvontapiste: aukioloajat, door code (1 vastaus)",
        "Yhteystiedot, jotka pitää tarkistaa ajantasaiselta sivulta: 1",
        "  town_desk, Neuvontapiste: sivun päiväys ei tiedossa, luettu 2026-11-01 (1 vastaus)",
        "Kunnat, joiden yhteystiedossa ei ole puhelinta, sähköpostia eikä osoitetta: ei yhtään",
        "Aiheet, joiden vastauksissa ei ole paikallista puhelinta, sähköpostia eikä osoitetta: 3",
        "  hiring, hiring",
        "  bus, bus",
        "  permit, permit",
        "Vastaukset, joiden tarkistuspäivä on ohi tai tulee 60 päivän kuluessa: 1",
        "  bus_ticket: myöhässä, päivä oli 2026-11-21",
        "Vastaukset, joiden voimassaolo on päättynyt tai päättyy 60 päivän kuluessa: 1",
        "  hire_worker: päättyy 2026-12-31",
        "Luvut, joiden viimeinen rivi on päättynyt tai päättyy 60 päivän kuluessa: 1",
        "  bus-fare: päättyy 2026-12-31; vastauksissa bus_ticket",
        "Luonnoksia: 4",
    ]


def test_programs_read_json(tmp_path: Path) -> None:
    root = write_content(tmp_path, put(BUS, "review_by", "2026-11-21"))
    data = {each["kind"]: each["rows"] for each in json.loads(run("--content", root, "--on", str(DAY), "--json").stdout)}
    assert data["reviews"] == [{"answer": "bus_ticket", "review_by": "2026-11-21", "overdue": True}]
    assert [row["topic"] for row in data["topics"]] == ["hiring", "bus", "permit"]
    assert data["drafts"] == [{"answer": name} for name in ("hire_worker", "bus_ticket", "first_permit", "home_municipality")]


def test_the_command_runs_on_the_real_content() -> None:
    result = run()
    assert result.exit_code == 0
    assert result.stderr == ""
    assert sum(not line.startswith(" ") for line in result.stdout.splitlines() if line) == 8

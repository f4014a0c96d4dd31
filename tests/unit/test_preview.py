"""A preview shows an answer as newcomers will see it: in each language, on a day, in a municipality."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.text import Text
from typer.testing import CliRunner, Result

from bot.preview import day_text
from bot.settings import ROOT
from knowledge.__main__ import app
from tests.terminal import seen_in_terminal
from tests.unit.content_fixtures import BUS, HOME, Change, drop, put, write, write_content

PHONE = put("contacts.yml", "town_desk", "phones", [{"number": "013 123 4567"}])
EASY = put(BUS, "fi-easy", {"title": "Lippu helposti", "answer": "Osta lippu. Se maksaa {{ bus-fare }}."})


def run(root: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(app, ["preview", *map(str, words), "--content", str(root)])


def page_of(folder: Path, name: str, *changes: Change, language: str = "en") -> str:
    page = folder / "page.html"
    result = run(write_content(folder, *changes), name, "--html", page, "--on", "2026-11-22", "--lang", language)
    assert result.exit_code == 0, result.output
    return page.read_text(encoding="utf-8")


def test_each_version_is_shown_as_of_the_day(tmp_path: Path) -> None:
    root = write_content(tmp_path, EASY)
    told = run(root, "bus_ticket", "--on", "2026-11-22", "--lang", "en").stdout
    assert told.startswith("22 November 2026 · no municipality told · draft · the permit expert is not offered\n")
    assert re.findall(r"^== (.+) ==$", told, re.MULTILINE) == ["Finnish", "English", "Easy Finnish"]
    assert "\nMiten käy bussilippu?\n\nLippu: 4 €.\n" in told
    assert "\nHow does a bus ticket work?\n\nPrice: €4.\n" in told
    assert "\nLippu helposti\n\nOsta lippu. Se maksaa 4 €.\n" in told
    assert "Price: €3.50." in run(root, "bus_ticket", "--on", "2025-11-22", "--lang", "en").stdout


def test_it_is_told_in_finnish(tmp_path: Path) -> None:
    root = write_content(tmp_path, PHONE)
    told = run(root, "home_municipality", "--on", "2026-11-22", "--lang", "fi", "--municipality", "joensuu").stdout
    assert told.startswith("22. marraskuuta 2026 · joensuu · luonnos · lupa-asiantuntijaa ei tarjota\n\n== Suomi ==\n")
    assert "Joensuussa: ajanvaraus." in told
    assert "Yhteystieto: Neuvontapiste, 013 123 4567\n" in told
    assert "Lähde: Viranomainen, https://example.fi/ (tarkistettu 2026-11-01)\n" in told
    assert "Luonnos: asiakkaalle kerrotaan, että neuvoja ei ole vielä tarkistanut vastausta.\n" in told


def test_without_a_municipality_its_variant_is_not_shown(tmp_path: Path) -> None:
    assert "Joensuussa" not in run(write_content(tmp_path), "home_municipality", "--lang", "fi").stdout


def test_the_file_of_an_answer_names_it_and_versions_can_be_chosen(tmp_path: Path) -> None:
    root = write_content(tmp_path, EASY)
    told = run(root, root / BUS, "--version", "fi-easy", "--lang", "en").stdout
    assert re.findall(r"^== (.+) ==$", told, re.MULTILINE) == ["Easy Finnish"]


def test_programs_read_json(tmp_path: Path) -> None:
    root = write_content(tmp_path, EASY)
    data = json.loads(run(root, "bus_ticket", "--on", "2026-11-22", "--json").stdout)
    assert {code: (each["title"], each["text"]) for code, each in data.items()} == {
        "fi": ("Miten käy bussilippu?", "Lippu: 4 €."),
        "en": ("How does a bus ticket work?", "Price: €4."),
        "fi-easy": ("Lippu helposti", "Osta lippu. Se maksaa 4 €."),
    }


def test_a_reviewed_answer_is_told_as_such(tmp_path: Path) -> None:
    changes = (put(BUS, "status", "reviewed"), put(BUS, "reviewed_by", "counsellor"), put(BUS, "reviewed_on", "2026-11-01"))
    told = run(write_content(tmp_path, *changes), "bus_ticket", "--lang", "en").stdout
    assert " · reviewed · " in told
    assert "A draft" not in told


def test_in_a_terminal_long_lines_go_on_and_nothing_is_cut_off(tmp_path: Path) -> None:
    long = " ".join(f"sana{number}" for number in range(60))
    root = write_content(tmp_path, put(BUS, "fi", "answer", f"Lippu. {long}."))
    command = [sys.executable, "-m", "knowledge", "preview", "bus_ticket", "--version", "fi", "--content", root]
    seen = Text.from_ansi(seen_in_terminal(command, ROOT, width=80)).plain
    assert {len(line) for line in seen.splitlines() if line.startswith("│")} == {80}
    assert re.findall(r"sana\d+", seen) == long.split()


@pytest.mark.parametrize(
    ("words", "change", "told"),
    [
        (("nothing",), put(BUS, "id", "bus_ticket"), 'There is no answer "nothing".'),
        (("bus_ticket",), drop(BUS, "en"), 'The answer "bus_ticket" cannot be shown before its errors are mended.'),
        (("bus_ticket",), write(BUS, "id: [\n"), 'The answer "bus_ticket" cannot be shown before its errors are mended.'),
        (("bus_ticket",), put(BUS, "fi", "answer", "{{ no-fee }}"), '"no-fee" is neither a figure nor a contact.'),
        (("home_municipality",), put(HOME, "contacts", ["nobody"]), '"nobody" is neither a figure nor a contact.'),
        (("bus_ticket", "--municipality", "oulu"), put(BUS, "id", "bus_ticket"), 'There is no municipality "oulu".'),
        (("bus_ticket", "--version", "sv"), put(BUS, "id", "bus_ticket"), "bus_ticket has no version: sv. The versions: fi, en."),
    ],
)
def test_what_cannot_be_shown_is_told(tmp_path: Path, words: tuple[str, ...], change: Change, told: str) -> None:
    result = run(write_content(tmp_path, change), *words, "--lang", "en")
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr


def test_errors_of_the_answer_are_told_with_their_lines(tmp_path: Path) -> None:
    result = run(write_content(tmp_path, drop(BUS, "fi", "title")), "bus_ticket", "--lang", "fi")
    assert f"knowledge/{BUS}:" in result.stderr
    assert "fi.title" in result.stderr


def test_the_page_shows_each_version_in_the_styles_of_the_widget(tmp_path: Path) -> None:
    page = page_of(tmp_path, "bus_ticket", EASY)
    assert re.findall(r"<h2>(.+)</h2>", page) == ["Finnish", "English", "Easy Finnish"]
    assert '<h3 lang="fi" dir="ltr">Lippu helposti</h3>' in page
    assert "Ei vielä tarkistettu: neuvoja ei ole vielä lukenut tätä vastausta." in page
    assert "Tarkistettu 1. marraskuuta 2026" in page
    assert "Checked on 1 November 2026" in page
    assert (ROOT / "bot/widget/static/widget/chat.css").read_text(encoding="utf-8") in page


def test_the_page_shows_contacts_links_and_directions(tmp_path: Path) -> None:
    arabic = {"title": "تذكرة", "answer": "اشتر تذكرة.", "examples": ["تذكرة"]}
    changes = (
        PHONE,
        put(HOME, "ar", arabic),
        put(HOME, "fi", "links", [{"url": "https://example.fi/", "title": "Sama"}, {"url": "https://dvv.fi/", "title": "DVV"}]),
    )
    page = page_of(tmp_path, "home_municipality", *changes, language="fi")
    assert '<h3 lang="ar" dir="rtl">تذكرة</h3>' in page
    assert '<a href="tel:0131234567">013 123 4567</a>' in page
    assert page.count('<a href="https://dvv.fi/">DVV</a>') == 1
    assert page.count('<a href="https://example.fi/">Sama</a>') == 1


def test_nothing_that_is_written_becomes_part_of_the_page(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    page = page_of(tmp_path, "bus_ticket", put(BUS, "fi", "title", evil), put(BUS, "fi", "answer", f"Teksti. {evil}"))
    assert "<script" not in page


def test_the_page_opens_in_the_browser(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}\n', encoding="utf-8")
    browser.chmod(0o755)
    command = [sys.executable, "-m", "knowledge", "preview", "bus_ticket", "--open", "--html", "page.html", "--content", root]
    environment = os.environ | {"BROWSER": str(browser), "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=60)
    assert opened.read_text(encoding="utf-8") == (tmp_path / "page.html").as_uri()


@pytest.mark.parametrize(
    ("day", "told"),
    [("2026-11-22", "22. marraskuuta 2026"), ("2026-11", "marraskuu 2026"), ("2026", "2026"), ("undated", "undated")],
)
def test_days_and_months_are_written_out(day: str, told: str) -> None:
    assert day_text(day, "fi") == told

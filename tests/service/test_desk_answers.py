"""The desk's pages of answers as they are served: finding, looking, editing, reviewing, with files and git that are real."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from bot.desk import answer_pages, answer_review_pages
from knowledge.figures import show_figure
from tests.desk_people import NOON
from tests.service.answer_desk import ANSWERS, TICKET, AnswerDesk, form_of, new_answer, open_form, problems_at
from tests.service.case_desk import Person, words_of
from tests.service.desk_browser import ServedDesk
from tests.service.test_injection import ODD
from tests.unit.content_fixtures import BUS, HIRE, HOME, PERMIT, drop, problems_of, put, write

EDIT = f"{TICKET}/edit"
TWIN = "twins/everyday/bus_ticket.yml"


@pytest.fixture
def desk(served: tuple[ServedDesk, str]) -> Iterator[AnswerDesk]:
    served[0].clock.at = NOON
    served[0].empty()
    desk = AnswerDesk(*served)
    desk.begin()
    yield desk
    desk.close()


@pytest.fixture
def counsellor(desk: AnswerDesk) -> Person:
    return desk.person("joensuu", "counsellor", "joensuu", title="Counsellor of Joensuu")


def save(person: Person, path: str = EDIT, **typed: str) -> tuple[int, str]:
    """Open the form, type, and send it; gives the status and where it leads."""
    sent = person.post(path, data={**open_form(person, path), **dotted(typed)})
    return sent.status_code, sent.headers.get("location", "")


def dotted(typed: dict[str, str]) -> dict[str, str]:
    return {name.replace("__", ".").replace("easy_", "fi-easy."): value for name, value in typed.items()}


# Finding


def test_the_list_shows_what_is_known_of_an_answer(desk: AnswerDesk, counsellor: Person) -> None:
    desk.begin(put(BUS, "fi-easy", {"title": "Bussilippu", "answer": "Osta lippu.", "based_on": "0"}))
    page = words_of(counsellor.see(ANSWERS))
    assert "Answers 4" in page
    assert (
        "How does a bus ticket work? Draft Not published bus (everyday) Useful review by 28 Feb 2027 "
        "Finnish, English, Easy Finnish bus_ticket" in page
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("topic=bus", {"bus_ticket"}),
        ("importance=required", {"first_permit"}),
        ("status=reviewed", {"hire_worker"}),
        ("status=draft&topic=permit", {"first_permit"}),
        ("language=fi-easy", {"bus_ticket"}),
        ("without=fi-easy&topic=bus", set()),
        ("without=sv", {"bus_ticket", "hire_worker", "first_permit", "home_municipality"}),
        ("overdue=1", {"home_municipality"}),
        ("words=LIPUN+hinta", set()),
        ("words=kaupungissa+bussilippu", set()),
        ("words=bussilippu+netissä", {"bus_ticket"}),
        ("words=прописку", {"home_municipality"}),
        ("words=first_permit", {"first_permit"}),
        ("topic=made+up", set()),
    ],
)
def test_the_list_is_narrowed(desk: AnswerDesk, counsellor: Person, query: str, found: set[str]) -> None:
    desk.begin(
        put(BUS, "fi-easy", {"title": "Bussilippu", "answer": "Osta lippu.", "based_on": "0"}),
        put(HOME, "review_by", dt.date(2026, 11, 23)),
        *(
            put(HIRE, key, value)
            for key, value in (("status", "reviewed"), ("reviewed_by", "expert"), ("reviewed_on", NOON.date()))
        ),
    )
    page = counsellor.see(f"{ANSWERS}?{query}").text
    every = ("bus_ticket", "hire_worker", "first_permit", "home_municipality")
    assert {name for name in every if f"<code>{name}</code>" in page} == found


def test_overdue_is_told_from_the_day_after(desk: AnswerDesk, counsellor: Person) -> None:
    assert "Review overdue bus (everyday)" not in words_of(counsellor.see(ANSWERS))
    desk.served.clock.at = dt.datetime(2027, 2, 28, 22, 30, tzinfo=dt.UTC)  # in Finland it is March
    later = desk.person("later", "counsellor", "joensuu")
    assert "Review overdue Not published bus (everyday)" in words_of(later.see(ANSWERS))


def test_a_long_list_has_pages(desk: AnswerDesk, counsellor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_pages, "ON_A_PAGE", 3)
    first = counsellor.see(f"{ANSWERS}?status=draft").text
    assert f'href="{ANSWERS}?status=draft&amp;start=3"' in first
    second = counsellor.see(f"{ANSWERS}?status=draft&start=3").text
    assert first.count('<li class="case">') == 3
    assert second.count('<li class="case">') == 1
    assert f'href="{ANSWERS}?status=draft&amp;start=0"' in second


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_shown(desk: AnswerDesk, counsellor: Person) -> None:
    desk.begin(write(BUS, "id: [\n"))
    page = words_of(counsellor.see(ANSWERS))
    assert "These files have errors" in page
    assert f"knowledge/{BUS}" in page
    assert "Answers 3" in page
    assert counsellor.get(TICKET).status_code == 404
    refused = counsellor.get(EDIT)
    assert refused.status_code == 409
    assert "This file cannot be changed here" in refused.text


def test_what_the_guide_finds_for_a_question_is_shown_beside_the_words(desk: AnswerDesk, counsellor: Person) -> None:
    live = "bus_buy_ticket"
    desk.write(desk.text().replace("id: bus_ticket", f"id: {live}"), f"answers/everyday/{live}.yml")
    page = counsellor.see(f"{ANSWERS}?words=mist%C3%A4+ostan+bussilipun").text
    assert "What the guide finds" in page
    assert f'<li><a href="{ANSWERS}/{live}">' in page
    assert "No answer fits." in page, "none has all of these words"
    assert "What the guide finds" not in counsellor.see(ANSWERS).text


# Looking


def test_an_answer_is_shown_as_newcomers_see_it_on_any_day(desk: AnswerDesk, counsellor: Person) -> None:
    content = desk.run(desk.served.service.answers.content())
    today, then = (show_figure(content.figures["bus-fare"], day, "en") for day in (NOON.date(), dt.date(2025, 6, 1)))
    assert today != then
    page = words_of(counsellor.see(TICKET))
    assert f"Price: {today}." in page
    assert "a counsellor has not reviewed this answer yet" in page
    assert "Newcomers do not see this answer yet." in page
    past = words_of(counsellor.see(f"{TICKET}?on=2025-06-01"))
    assert f"Price: {then}." in past
    assert "This is how it looks on 1 Jun 2025" in past
    assert f"Lippu: {show_figure(content.figures['bus-fare'], NOON.date(), 'fi')}." in words_of(
        counsellor.see(f"{TICKET}?language=fi")
    )
    assert "check the current figure" in words_of(counsellor.see(f"{TICKET}?on=2019-06-01"))


def test_easy_finnish_variants_and_contacts_are_shown(desk: AnswerDesk, counsellor: Person) -> None:
    desk.begin(put(HOME, "fi-easy", {"title": "Kotikunta selkokielellä", "answer": "Muutit. Ilmoita.", "based_on": "0"}))
    page = counsellor.see(f"{ANSWERS}/home_municipality?municipality=joensuu&language=fi-easy")
    assert "Kotikunta selkokielellä" in words_of(page)
    assert "Muutit. Ilmoita. Joensuussa: ajanvaraus." in words_of(page)
    assert "Neuvontapiste : kaikki 013" in words_of(page)
    assert 'class="seen" lang="fi" dir="ltr"' in page.text
    without = words_of(counsellor.see(f"{ANSWERS}/home_municipality?language=fi-easy"))
    assert "Joensuussa: ajanvaraus." not in without


@pytest.mark.parametrize(
    "query", ["on=x", "on=9999-12-31", "on=0001-01-01", "language=xx", "municipality=nowhere", "done=x", "on=2026-W40"]
)
def test_what_does_not_exist_shows_the_answer_of_today(desk: AnswerDesk, counsellor: Person, query: str) -> None:
    page = counsellor.see(f"{TICKET}?{query}")
    assert page.status_code == 200
    assert "Price: €4." in words_of(page)


@pytest.mark.parametrize("name", ["made_up", "*", "Bus_ticket", "b" * 100, "bus_ticket.yml", "%2e%2e%2ftopics"])
def test_an_answer_that_is_not_there_is_a_page_that_says_so(counsellor: Person, name: str) -> None:
    for path in ("", "/edit"):
        assert counsellor.get(f"{ANSWERS}/{name}{path}").status_code == 404, path
    for path in ("/edit", "/preview", "/open-form", "/still-right"):
        assert counsellor.fill(f"{ANSWERS}/{name}{path}").status_code == 404, path


def test_an_answer_that_quotes_what_is_not_there_says_so(desk: AnswerDesk, counsellor: Person) -> None:
    desk.begin(put(BUS, "en", "answer", "Price: {{ made-up }}."))
    assert "quotes a figure or names a contact that is not there" in words_of(counsellor.see(TICKET))


# Editing


@pytest.mark.parametrize("role", ["counsellor", "expert", "administrator"])
def test_a_saved_field_changes_its_line_and_nothing_else(desk: AnswerDesk, role: str) -> None:
    desk.write("# before everything\n" + desk.text().replace("status: draft", "status: draft   # until May"))
    before = desk.text()
    person = desk.person(role, role, "joensuu" if role == "counsellor" else None)
    assert save(person, review_by="2027-04-01") == (303, f"{TICKET}?done=no_git")
    assert desk.text() == before.replace("review_by: '2027-02-28'", "review_by: 2027-04-01")
    page = words_of(person.see(f"{TICKET}?done=no_git"))
    assert "Saved in the file only." in page
    assert "review by 1 Apr 2027" in page
    assert desk.audited("answer_edited") == [(role, "bus_ticket")]


def test_everything_can_be_changed_at_once_and_passes_the_check(desk: AnswerDesk, counsellor: Person) -> None:
    saved = save(
        counsellor,
        fi__title="Uusi otsikko?",
        fi__answer="Uusi vastaus: {{ bus-fare }}.\r\n\r\n1. Yksi.\r\n2. Kaksi.",
        fi__links__0__url="https://new.example/",
        fi__links__0__title="Uusi",
        en__title="A new title?",
        en__matches="yes",
        easy_title="Selko",
        easy_answer="Osta lippu.",
        easy_matches="yes",
        importance="extra",
        status="reviewed",
        sources__1__url="https://second.example/",
        sources__1__title="Second: page",
        sources__1__checked_on="2026-11-24",
        contacts__0="town_desk",
        local__0__place="joensuu",
        local__0__fi="Joensuussa toisin.",
        local__0__en="Not so in Joensuu.",
        twin__finds__en="hello, where is the ticket",
    )
    assert saved == (303, f"{TICKET}?done=no_git")
    data = yaml.safe_load(desk.text())
    assert problems_of(desk.root, NOON.date()) == []
    assert data["fi"]["answer"] == "Uusi vastaus: {{ bus-fare }}.\n\n1. Yksi.\n2. Kaksi.\n"
    assert data["fi"]["links"] == [{"url": "https://new.example/", "title": "Uusi"}]
    assert (data["reviewed_by"], data["reviewed_on"]) == ("counsellor", NOON.date())
    assert data["sources"][1] == {"url": "https://second.example/", "title": "Second: page", "checked_on": NOON.date()}
    assert (data["contacts"], data["fi-easy"]["title"]) == (["town_desk"], "Selko")
    assert data["municipalities"] == {"joensuu": {"fi": "Joensuussa toisin.", "en": "Not so in Joensuu."}}
    assert yaml.safe_load(desk.text(TWIN))["finds"]["en"] == ["hello, where is the ticket"]


def test_a_form_that_is_sent_as_it_came_saves_nothing(desk: AnswerDesk, counsellor: Person) -> None:
    before = (desk.root / BUS).stat().st_mtime_ns, desk.text()
    assert save(counsellor) == (303, f"{TICKET}?done=unchanged")
    assert ((desk.root / BUS).stat().st_mtime_ns, desk.text()) == before
    assert "Nothing was changed" in counsellor.see(f"{TICKET}?done=unchanged").text
    assert desk.audited("answer_edited") == []


def test_an_error_that_comes_with_a_change_stops_it_and_is_told_at_its_field(desk: AnswerDesk, counsellor: Person) -> None:
    before = desk.text()
    typed = {**open_form(counsellor), "en.answer": "It costs 5 euros. <b>", "sources.0.checked_on": "2027-01-01"}
    refused = counsellor.post(EDIT, data=typed)
    assert refused.status_code == 422
    assert "a sum of money" in problems_at(refused, "en-answer")
    assert "the source was checked in the future" in problems_at(refused, "sources")
    assert problems_at(refused, "fi-answer") == ""
    assert "Not saved" in words_of(refused)
    assert form_of(refused)["en.answer"] == "It costs 5 euros. <b>"
    assert desk.text() == before
    assert desk.audited("answer_edited") == []
    mended = counsellor.post(EDIT, data={**form_of(refused), "en.answer": "See the page.", "sources.0.checked_on": "2026-11-01"})
    assert mended.status_code == 303


def test_a_changed_finnish_text_asks_for_the_tick_of_each_translation(desk: AnswerDesk, counsellor: Person) -> None:
    form = {**open_form(counsellor), "fi.answer": "Toinen lippu: {{ bus-fare }}."}
    refused = counsellor.post(EDIT, data=form)
    assert refused.status_code == 422
    assert "older than the Finnish text" in problems_at(refused, "en-matches")
    assert counsellor.post(EDIT, data={**form_of(refused), "en.matches": "yes"}).status_code == 303
    assert problems_of(desk.root) == []


def test_errors_that_were_there_before_do_not_stop_a_change(desk: AnswerDesk, counsellor: Person) -> None:
    desk.begin(put(BUS, "en", "based_on", "0" * 12), put(PERMIT, "contacts", ["made_up"]))
    assert "older than the Finnish text" in problems_at(counsellor.see(EDIT), "en-matches")
    assert save(counsellor, importance="extra") == (303, f"{TICKET}?done=no_git")
    refused = counsellor.post(EDIT, data={**open_form(counsellor), "fi.examples": "yksi"})
    assert refused.status_code == 422
    assert problems_at(refused, "fi-examples") != ""


def test_an_example_or_title_of_another_answer_is_told(desk: AnswerDesk, counsellor: Person) -> None:
    taken = yaml.safe_load(desk.text(HIRE))
    form = open_form(counsellor)
    form |= {"en.title": taken["en"]["title"], "en.examples": form["en.examples"] + "\r\n" + taken["en"]["examples"][0]}
    refused = counsellor.post(EDIT, data=form)
    assert refused.status_code == 422
    assert "hire_worker has the same title" in words_of(refused)
    assert "stands also under hire_worker" in words_of(refused)


@pytest.mark.parametrize("name", [name for name in ODD if name != "ten thousand characters"])
def test_whatever_is_typed_stays_the_value_of_its_field(desk: AnswerDesk, counsellor: Person, name: str) -> None:
    odd = ODD[name]
    form = open_form(counsellor)
    keys = ("fi.title", "fi.answer", "sources.0.title", "local.0.fi", "twin.finds.fi", "fi.links.0.title")
    given = {
        **form,
        **dict.fromkeys(keys, odd),
        "local.0.place": "joensuu",
        "local.0.en": "x",
        "status": odd,
        "began": form["began"],
    }
    for path in (EDIT, f"{TICKET}/preview"):
        shown = counsellor.post(path, data=given)
        assert shown.status_code == (422 if path == EDIT else 200), name
        assert "51724863" not in shown.text
        assert "<img" not in shown.text
        assert "<svg" not in shown.text
        assert "<script>" not in shown.text
        assert 'href="javascript' not in shown.text
    plain = {**form, "sources.0.title": odd, "en.examples": form["en.examples"] + "\r\n" + odd.replace("\n", " ")}
    saved = counsellor.post(EDIT, data=plain)
    data = yaml.safe_load(desk.text())
    if saved.status_code == 303:
        assert data["sources"][0]["title"].split() == "".join(sign for sign in odd if sign not in "\x00\ufffe").split()
    assert set(data) == set(yaml.safe_load(desk.text()))
    assert [source["url"] for source in data["sources"]] == ["https://example.fi/"]


def test_a_form_with_every_language_in_it_is_not_too_large(desk: AnswerDesk, counsellor: Person) -> None:
    form = {
        **open_form(counsellor),
        "ar.title": "",
        "ar.examples": "\r\n".join(f"كيف أشتري تذكرة الحافلة {n}" for n in range(1500)),
    }
    assert counsellor.post(EDIT, data=form).status_code == 303
    assert len(yaml.safe_load(desk.text())["ar"]["examples"]) == 1500
    assert counsellor.post(EDIT, data={"csrf": counsellor.token, "fi.answer": "x" * 600_000}).status_code == 413


def test_another_language_is_added(desk: AnswerDesk, counsellor: Person) -> None:
    path = f"{EDIT}?more=sv"
    form = open_form(counsellor, path)
    assert form["sv.title"] == ""
    form |= {"sv.title": "Hur köper jag en biljett?", "sv.answer": "Så här.", "sv.examples": "biljett", "sv.matches": "yes"}
    assert counsellor.post(EDIT, data=form).status_code == 303
    assert "Swedish" in words_of(counsellor.see(f"{TICKET}?language=sv"))
    assert problems_of(desk.root) == []


def test_the_preview_shows_what_would_be_seen_with_its_problems_and_writes_nothing(desk: AnswerDesk, counsellor: Person) -> None:
    before = desk.text()
    form = {**open_form(counsellor), "en.answer": "Buy it for {{ bus-fare }}. **Now.**", "place": "joensuu"}
    form |= {"local.0.place": "joensuu", "local.0.fi": "Joensuussa.", "local.0.en": "In Joensuu."}
    seen = counsellor.post(f"{TICKET}/preview", data=form)
    assert "Buy it for €4. Now. In Joensuu." in words_of(seen)
    assert "<strong>Now.</strong>" in seen.text
    assert problems_at(seen, "en-answer") == ""
    wrong = counsellor.post(f"{TICKET}/preview", data={**form, "en.answer": "# No\r\n\r\n{{ made-up }}", "fi.title": ""})
    assert "These are the words alone." in words_of(wrong)
    assert problems_at(wrong, "fi-title") != ""
    assert 'hx-swap-oob="true"' in wrong.text
    assert desk.text() == before


# Two people


def test_each_hears_who_else_has_the_form_open(desk: AnswerDesk, counsellor: Person) -> None:
    expert = desk.person("expert", title="Residence permit expert")
    assert "Also has this form open" not in counsellor.see(EDIT).text
    assert "Also has this form open: Counsellor of Joensuu." in words_of(expert.see(EDIT))
    sign = f"{TICKET}/open-form"
    told = counsellor.fill(sign, known="")
    assert "Also has this form open: Residence permit expert." in words_of(told)
    assert counsellor.fill(sign, known=str(expert.account.id)).status_code == 204
    assert "Also" not in words_of(expert.see(f"{ANSWERS}/hire_worker/edit"))
    desk.served.clock.forward(seconds=61)
    assert "Also" not in words_of(counsellor.fill(sign, known=str(expert.account.id)))
    expert.see(EDIT)
    save(expert, importance="extra")
    assert counsellor.fill(sign, known="").status_code == 204


def test_a_save_on_top_of_anothers_shows_both_and_overwrites_nothing(desk: AnswerDesk, counsellor: Person) -> None:
    expert = desk.person("expert")
    mine = {**open_form(counsellor), "en.title": "Mine & my own?", "review_by": "2027-05-05"}
    assert save(expert, en__title="Theirs?", importance="extra")[0] == 303
    after_theirs = desk.text()
    refused = counsellor.post(EDIT, data=mine)
    assert refused.status_code == 409
    page = words_of(refused)
    assert "Somebody else has saved this answer meanwhile" in page
    assert "Title (en) Theirs? Mine &amp; my own?" in page
    assert "Importance extra useful" in page
    assert "Review by 2027-02-28 2027-05-05" in page
    assert desk.text() == after_theirs
    assert "Save mine over it" in page
    again = counsellor.post(EDIT, data={**form_of(refused), "importance": "extra"})
    assert again.status_code == 303
    data = yaml.safe_load(desk.text())
    assert (data["en"]["title"], data["importance"]) == ("Mine & my own?", "extra")


def test_two_who_save_at_the_same_moment_do_not_both_win(desk: AnswerDesk) -> None:
    people = [desk.person(f"counsellor{number}", "counsellor", "joensuu") for number in range(4)]
    forms = [{**open_form(person), "en.title": f"Title of {number}?"} for number, person in enumerate(people)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda pair: pair[0].post(EDIT, data=pair[1]).status_code, zip(people, forms, strict=True)))
    assert sorted(answers) == [303, 409, 409, 409]
    assert yaml.safe_load(desk.text())["en"]["title"] == f"Title of {answers.index(303)}?"
    assert len(desk.audited("answer_edited")) == 1


def test_a_button_that_is_pressed_twice_saves_once(desk: AnswerDesk, counsellor: Person) -> None:
    form = {**open_form(counsellor), "importance": "extra"}
    assert counsellor.post(EDIT, data=form).headers["location"] == f"{TICKET}?done=no_git"
    assert counsellor.post(EDIT, data=form).headers["location"] == f"{TICKET}?done=unchanged"
    assert len(desk.audited("answer_edited")) == 1


def test_a_change_made_in_an_editor_meanwhile_is_kept_too(desk: AnswerDesk, counsellor: Person) -> None:
    form = {**open_form(counsellor), "importance": "extra"}
    desk.write(desk.text(TWIN) + "# thought of more\n", TWIN)
    assert counsellor.post(EDIT, data=form).status_code == 409
    desk.begin(drop(BUS))
    assert counsellor.post(EDIT, data=form).status_code == 404
    assert not (desk.root / BUS).exists()


# Version control


def test_a_saving_is_a_commit_of_the_role_with_these_files_alone(desk: AnswerDesk, counsellor: Person) -> None:
    desk.put_under_git()
    desk.write(desk.text(HIRE) + "# not finished\n", HIRE)
    desk.git("add", f"knowledge/{HIRE}")
    assert save(counsellor, importance="extra", twin__finds__en="where is it") == (303, f"{TICKET}?done=committed")
    author, committer, message = desk.git("log", "-1", "--format=%an <%ae>%n%cn <%ce>%n%s").splitlines()
    assert author == committer == "counsellor <counsellor@desk.invalid>"
    assert message == "bus_ticket: edited at the desk"
    assert desk.git("show", "--name-only", "--format=").split() == [f"knowledge/{BUS}", f"knowledge/{TWIN}"]
    assert desk.git("status", "--short", "--untracked-files=no").split() == ["M", f"knowledge/{HIRE}"]
    assert "Saved. Newcomers see it once it is published." in counsellor.see(f"{TICKET}?done=committed").text


def test_the_message_is_in_the_language_of_the_desk(desk: AnswerDesk) -> None:
    desk.put_under_git()
    expert = desk.person("expert", language="fi")
    assert save(expert, importance="extra")[1].endswith("done=committed")
    assert desk.git("log", "-1", "--format=%an %s").strip() == "expert bus_ticket: muokattu työpöydällä"


def test_git_that_refuses_does_not_lose_what_was_saved(desk: AnswerDesk, counsellor: Person) -> None:
    desk.put_under_git()
    hook = desk.root.parent / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    assert save(counsellor, importance="extra") == (303, f"{TICKET}?done=not_committed")
    assert "version control refused" in counsellor.see(f"{TICKET}?done=not_committed").text
    assert yaml.safe_load(desk.text())["importance"] == "extra"


# New answers


def test_a_new_answer_is_saved_with_its_test_and_committed(desk: AnswerDesk, counsellor: Person) -> None:
    desk.put_under_git()
    form = open_form(counsellor, f"{ANSWERS}/new-answer?id=bus_card&topic=bus")
    saved = counsellor.post(f"{ANSWERS}/new-answer", data={**form, **new_answer()})
    assert (saved.status_code, saved.headers.get("location")) == (303, f"{ANSWERS}/bus_card?done=committed"), words_of(saved)
    assert problems_of(desk.root) == []
    data = yaml.safe_load(desk.text("answers/everyday/bus_card.yml"))
    assert list(data)[:7] == ["id", "topic", "audience", "expert", "importance", "status", "review_by"]
    assert (data["expert"], data["status"], data["review_by"]) == ("never", "draft", dt.date(2027, 5, 24))
    assert yaml.safe_load(desk.text("twins/everyday/bus_card.yml"))["id"] == "bus_card"
    assert desk.git("log", "-1", "--format=%s").strip() == "bus_card: new answer, written at the desk"
    assert "Where do I get a bus card?" in words_of(counsellor.see(ANSWERS))
    assert desk.audited("answer_added") == [("joensuu", "bus_card")]


@pytest.mark.parametrize(
    ("identifier", "topic", "told"),
    [
        ("bus_ticket", "bus", "There is an answer with this id already"),
        ("out_of_scope", "bus", "There is an answer with this id already"),
        ("Bus-Card", "bus", "An id begins with a small letter"),
        ("../x", "bus", "An id begins with a small letter"),
        ("", "bus", "An id begins with a small letter"),
        ("bus_card", "made_up", "Choose a topic from the list."),
        ("bus_card", "", "Choose a topic from the list."),
    ],
)
def test_a_new_answer_needs_a_name_and_a_topic(counsellor: Person, identifier: str, topic: str, told: str) -> None:
    page = counsellor.get(f"{ANSWERS}/new-answer", params={"id": identifier, "topic": topic})
    assert page.status_code == 422
    assert told in page.text


def test_a_new_answer_that_is_not_whole_is_kept_in_the_form(desk: AnswerDesk, counsellor: Person) -> None:
    form = open_form(counsellor, f"{ANSWERS}/new-answer?id=bus_card&topic=bus")
    refused = counsellor.post(f"{ANSWERS}/new-answer", data={**form, **new_answer(), "en.title": ""})
    assert refused.status_code == 422
    assert problems_at(refused, "en-title") != ""
    assert form_of(refused)["fi.title"] == "Mistä saan bussikortin?"
    assert not (desk.root / "answers/everyday/bus_card.yml").exists()
    for id, topic in (("Bus", "bus"), ("bus_card", "x")):
        assert counsellor.post(f"{ANSWERS}/new-answer", data={**form, "id": id, "topic": topic}).status_code == 422
        assert counsellor.post(f"{ANSWERS}/new-answer/preview", data={**form, "id": id, "topic": topic}).status_code == 422
    seen = counsellor.post(f"{ANSWERS}/new-answer/preview", data={**form, **new_answer()})
    assert "You get the card at the service point." in words_of(seen)


def test_a_new_answer_begins_with_the_question_that_somebody_asked(counsellor: Person) -> None:
    first = counsellor.get(f"{ANSWERS}/new-answer", params={"example": "где <b>билет</b>", "spoken": "ru"})
    assert "где &lt;b&gt;билет&lt;/b&gt;" in first.text
    form = open_form(counsellor, f"{ANSWERS}/new-answer?id=bus_card&topic=bus&example=%D0%B3%D0%B4%D0%B5&spoken=ru")
    assert form["ru.examples"] == "где"


def test_two_new_answers_of_one_name_are_both_kept(desk: AnswerDesk, counsellor: Person) -> None:
    form = {**open_form(counsellor, f"{ANSWERS}/new-answer?id=bus_card&topic=bus"), **new_answer()}
    assert counsellor.post(f"{ANSWERS}/new-answer", data=form).status_code == 303
    assert counsellor.post(f"{ANSWERS}/new-answer", data=form).headers["location"].endswith("bus_card?done=unchanged")
    first = desk.text("answers/everyday/bus_card.yml")
    other = counsellor.post(f"{ANSWERS}/new-answer", data={**form, "en.title": "Another one?"})
    assert other.status_code == 409
    assert "Title (en) Where do I get a bus card? Another one?" in words_of(other)
    assert desk.text("answers/everyday/bus_card.yml") == first


# Reviewing


def test_the_review_queue_has_each_answer_once_the_most_urgent_first(desk: AnswerDesk, counsellor: Person) -> None:
    desk.begin(
        put(HOME, "review_by", dt.date(2026, 11, 23)),
        put(HIRE, "review_by", dt.date(2026, 11, 24)),
        *(
            put(HIRE, key, value)
            for key, value in (("status", "reviewed"), ("reviewed_by", "expert"), ("reviewed_on", NOON.date()))
        ),
    )
    page = counsellor.see(f"{ANSWERS}/review-queue").text
    places = [page.index(text) for text in ("Overdue <span", 'id="answer-home_municipality"', "Due within two months <span")]
    places += [page.index(f'id="answer-{name}"') for name in ("hire_worker", "first_permit", "bus_ticket")]
    assert places == sorted(places)
    assert page.count('action="/desk/answers/home_municipality/still-right"') == 1


def began_in(page: str, identifier: str) -> str:
    return page.split(f'action="{ANSWERS}/{identifier}/still-right"')[1].split('name="began" value="')[1].split('"')[0]


def test_still_right_in_one_click(desk: AnswerDesk, counsellor: Person) -> None:
    desk.begin(put(BUS, "review_by", dt.date(2026, 11, 20)))
    desk.put_under_git()
    before = desk.text()
    began = began_in(counsellor.see(f"{ANSWERS}/review-queue").text, "bus_ticket")
    page = counsellor.done(f"{TICKET}/still-right", began=began)
    assert "Saved. Newcomers see it once it is published." in page.text
    assert "Overdue 0" in words_of(page)
    assert desk.text() == before.replace("review_by: 2026-11-20", "review_by: 2027-05-24").replace(
        "status: draft", "status: reviewed\nreviewed_by: counsellor\nreviewed_on: 2026-11-24"
    )
    assert desk.git("log", "-1", "--format=%an %s").strip() == "counsellor bus_ticket: reviewed at the desk, still right"
    assert desk.audited("answer_still_right") == [("joensuu", "bus_ticket")]


def test_a_source_has_the_day_of_today_only_when_it_was_read(desk: AnswerDesk, counsellor: Person) -> None:
    more = {"url": "https://second.example/?a=1&b=2", "title": "Toinen", "checked_on": dt.date(2026, 10, 1)}
    first = {"url": "https://example.fi/", "title": "Viranomainen", "checked_on": dt.date(2026, 11, 1)}
    desk.begin(put(BUS, "sources", [first, more]))
    began = began_in(counsellor.see(f"{ANSWERS}/review-queue").text, "bus_ticket")
    counsellor.done(f"{TICKET}/still-right", began=began, read=more["url"])
    assert [source["checked_on"] for source in yaml.safe_load(desk.text())["sources"]] == [first["checked_on"], NOON.date()]


def test_an_answer_that_changed_meanwhile_is_read_again_first(desk: AnswerDesk, counsellor: Person) -> None:
    began = began_in(counsellor.see(f"{ANSWERS}/review-queue").text, "bus_ticket")
    desk.write(desk.text().replace("Price:", "The price:"))
    before = desk.text()
    for value in (began, "", "made up"):
        refused = counsellor.fill(f"{TICKET}/still-right", began=value)
        assert refused.status_code == 409
        assert "has changed since you opened the page" in refused.text
    assert desk.text() == before


def test_the_review_queue_shows_the_first_of_many(desk: AnswerDesk, counsellor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_review_pages, "IN_REVIEW", 2)
    page = counsellor.see(f"{ANSWERS}/review-queue")
    assert page.text.count("still-right") == 2
    assert "Drafts 4" in words_of(page)
    assert "The first 2 are shown." in page.text


@pytest.mark.parametrize("language", ["fi", "en"])
def test_every_page_can_be_read_in_both_languages(desk: AnswerDesk, language: str) -> None:
    person = desk.person("joensuu", "counsellor", "joensuu", language=language)
    desk.person("expert", language=language).see(EDIT)
    for path in (
        "",
        "/review-queue",
        "/publish-now",
        "/new-answer",
        "/bus_ticket",
        "/bus_ticket/edit",
        "/new-answer?id=bus_card&topic=bus",
    ):
        page = person.see(f"{ANSWERS}{path}")
        assert page.status_code == 200, path
        assert f'<html lang="{language}"' in page.text


# The coverage map


def test_the_coverage_map_counts_by_language_and_municipality(desk: AnswerDesk, counsellor: Person) -> None:
    desk.begin(put(BUS, "fi-easy", {"title": "Bussilippu", "answer": "Osta lippu.", "based_on": "0"}))
    page = words_of(counsellor.see(f"{ANSWERS}/coverage-map"))
    assert "Topic Answers Drafts Review overdue Finnish English Easy Finnish Russian" in page
    assert "bus 1 1 0 1 1 1 0 (gap)" in page
    assert "home 1 1 0 1 1 0 (gap) (1)" in page
    assert "Total 4 4 0 4 4 1 0" in page
    assert "home 1 bus" not in page.partition("By municipality")[0]
    assert "home 1" in page.partition("By municipality")[2]


def test_the_coverage_map_of_one_importance(desk: AnswerDesk, counsellor: Person) -> None:
    page = counsellor.see(f"{ANSWERS}/coverage-map?importance=required")
    assert "permit 1 1 0 1 1" in words_of(page)
    assert "bus 0 0 0 0 0" in words_of(page)
    assert f'href="{ANSWERS}?topic=permit&amp;importance=required"' in page.text
    assert "Total 4" in words_of(counsellor.see(f"{ANSWERS}/coverage-map?importance=made+up"))

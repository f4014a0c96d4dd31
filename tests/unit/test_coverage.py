"""What the content covers is counted by topic, language, municipality and importance, and what is missing is named."""

import datetime as dt
import json
from pathlib import Path

from knowledge.coverage import Coverage, InLanguage, InMunicipality, Missing, TopicCoverage, coverage
from knowledge.load import load_content
from tests.unit.content_fixtures import BUS, DAY, HIRE, HOME, PERMIT, Change, drop, put, write_content

CONTACTS, MUNICIPALITIES = "contacts.yml", "municipalities.yml"
KITEE = {"name": {"fi": "Kitee"}, "elo": "partner", "contact": "kitee_desk", "stems": ["kitee"]}
EASY = {"title": "Lippu", "answer": "Osta lippu."}


def covered(folder: Path, *changes: Change, today: dt.date = DAY) -> Coverage:
    return coverage(load_content(write_content(folder, *changes)), today)


def topic(found: Coverage, name: str) -> TopicCoverage:
    return next(each for each in found.topics if each.topic == name)


def desk(municipality: str | None, *, reachable: bool = True) -> dict[str, object]:
    told = {"phones": [{"number": "013 111 111"}], "source": {"title": "Sivu", "checked_on": "2026-11-01"}} if reachable else {}
    both = {"fi": "Neuvonta", "en": "Advice"}
    return {"name": both, "helps_with": both, "municipality": municipality, "certainty": "ok", **told}


def test_topics_groups_and_the_whole_are_counted(tmp_path: Path) -> None:
    found = covered(tmp_path)
    assert [each.topic for each in found.topics] == ["hiring", "bus", "permit", "home"]
    assert {group: tally.answers for group, tally in found.groups.items()} == {
        "employers": 1, "everyday": 1, "permits": 1, "registration": 1,
    }  # fmt: skip
    assert found.total.answers == 4
    assert {name: tally.answers for name, tally in found.importance.items()} == {"required": 1, "useful": 3, "extra": 0}
    assert {name: tally.answers for name, tally in topic(found, "permit").importance.items()} == {
        "required": 1, "useful": 0, "extra": 0,
    }  # fmt: skip


def test_states_are_counted_as_of_the_day(tmp_path: Path) -> None:
    changes = (
        put(BUS, "status", "reviewed"), put(BUS, "reviewed_by", "counsellor"), put(BUS, "reviewed_on", "2026-11-01"),
        put(HIRE, "valid_until", "2026-12-31"),
    )  # fmt: skip
    found = [covered(tmp_path, *changes, today=day).total for day in (DAY, dt.date(2027, 1, 1), dt.date(2027, 3, 1))]
    assert [(each.drafts, each.reviewed, each.overdue, each.ended) for each in found] == [
        (3, 1, 0, 0),
        (3, 1, 0, 1),
        (3, 1, 4, 1),
    ]


def test_languages_come_in_order_with_what_can_be_read_and_asked(tmp_path: Path) -> None:
    found = covered(tmp_path, put(BUS, "fi-easy", EASY))
    assert found.languages == ["fi", "en", "fi-easy", "ru"]
    assert found.total.languages == {
        "fi": InLanguage(4, 4, 36), "en": InLanguage(4, 4, 36), "fi-easy": InLanguage(1, 0, 0), "ru": InLanguage(0, 1, 1),
    }  # fmt: skip
    assert topic(found, "home").importance["useful"].languages["ru"] == InLanguage(0, 1, 1)


def test_municipalities_are_counted_by_variants_and_reachable_local_contacts(tmp_path: Path) -> None:
    changes = (
        put(MUNICIPALITIES, "kitee", KITEE),
        put(CONTACTS, "kitee_desk", desk("kitee")),
        put(CONTACTS, "bus_kitee", desk(None)),
        put(CONTACTS, "permit_expert", desk(None)),
        put(CONTACTS, "national", desk(None)),
        put(BUS, "contacts", ["bus_kitee", "national"]),
        put(PERMIT, "contacts", ["permit_expert", "not_there"]),
        put(HIRE, "contacts", ["national"]),
    )
    found = covered(tmp_path, *changes)
    assert found.municipalities == ["joensuu", "kitee"]
    assert {each.topic: list(each.total.municipalities.values()) for each in found.topics} == {
        "hiring": [InMunicipality(0, 0), InMunicipality(0, 0)],
        "bus": [InMunicipality(0, 0), InMunicipality(0, 1)],
        "permit": [InMunicipality(0, 1), InMunicipality(0, 1)],
        "home": [InMunicipality(1, 1), InMunicipality(0, 1)],
    }


def test_an_office_of_the_own_municipality_stays_and_one_that_cannot_be_reached_does_not_count(tmp_path: Path) -> None:
    changes = (
        put(MUNICIPALITIES, "kitee", KITEE),
        put(CONTACTS, "kitee_desk", desk("kitee", reachable=False)),
        put(CONTACTS, "library", desk("kitee")),
        put(BUS, "contacts", ["library"]),
    )
    found = covered(tmp_path, *changes)
    assert topic(found, "bus").total.municipalities["kitee"] == InMunicipality(0, 1)
    assert topic(found, "home").total.municipalities["kitee"] == InMunicipality(0, 0)


def test_what_a_topic_lacks_is_named(tmp_path: Path) -> None:
    empty = {"id": "pets", "group": "everyday", "name": {"fi": "Lemmikit", "en": "Pets"}, "expert": False}
    found = covered(tmp_path, lambda files: files["topics.yml"].append(empty))
    assert {each.topic: each.missing for each in found.topics} == {
        "hiring": [Missing("examples", ["ru"]), Missing("contact", ["joensuu"])],
        "bus": [Missing("examples", ["ru"]), Missing("contact", ["joensuu"])],
        "permit": [Missing("easy", ["first_permit"]), Missing("examples", ["ru"]), Missing("contact", ["joensuu"])],
        "home": [],
        "pets": [Missing("answer", [])],
    }
    assert found.groups["everyday"].answers == 1


def test_a_required_answer_in_easy_finnish_lacks_it_no_more(tmp_path: Path) -> None:
    assert Missing("easy", ["first_permit"]) not in topic(covered(tmp_path, put(PERMIT, "fi-easy", EASY)), "permit").missing


def test_an_answer_without_a_known_topic_counts_in_the_whole_only(tmp_path: Path) -> None:
    found = covered(tmp_path, put(BUS, "topic", "trains"))
    assert (found.total.answers, sum(tally.answers for tally in found.groups.values())) == (4, 3)


def test_empty_content_is_covered_by_nothing(tmp_path: Path) -> None:
    found = coverage(load_content(tmp_path), DAY)
    assert (found.topics, found.groups, found.total.answers, found.languages) == ([], {}, 0, ["fi", "en", "fi-easy"])


def test_the_data_is_plain(tmp_path: Path) -> None:
    data = json.loads(json.dumps(covered(tmp_path).as_data(), default=str))
    assert data["today"] == "2026-11-22"
    assert data["topics"][1]["name"] == {"fi": "bus", "en": "bus"}
    assert data["topics"][2]["missing"][0] == {"kind": "easy", "of": ["first_permit"]}
    assert data["total"]["municipalities"] == {"joensuu": {"variants": 1, "with_contact": 1}}


def test_an_office_whose_municipality_is_gone_is_no_local_contact(tmp_path: Path) -> None:
    found = covered(tmp_path, drop(HOME, "municipalities"), lambda files: files.update({MUNICIPALITIES: {"kitee": KITEE}}))
    assert topic(found, "home").total.municipalities == {"kitee": InMunicipality(0, 0)}

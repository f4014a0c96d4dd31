"""How the widget's files become what browsers load."""

import json
import re

import pytest

from bot.widget.assets import FOLDER, JOINED, Assets
from bot.widget.compact import compact_script, compact_styles
from bot.widget.join import CannotJoin, join, join_pair
from tests.browser.contrast import contrast

SOURCES = sorted(FOLDER.rglob("*.js"))
STYLES = (FOLDER / "widget" / "chat.css").read_text(encoding="utf-8")


def test_modules_are_joined_each_before_its_users() -> None:
    sources = {
        "a.js": 'import { b } from "./b.js";\nimport "./c.js";\n\nexport const a = b;\n',
        "b.js": 'import { c } from "./c.js";\nexport const b = c;\n',
        "c.js": "export const c = 1;\n",
    }
    assert re.sub(r"\n+", "\n", join("a.js", sources)) == "const c = 1;\nconst b = c;\nconst a = b;\nexport { a };\n"


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ({"a.js": 'import "./b.js";\nconst one = 1;\n', "b.js": "const one = 2;\n"}, "one"),
        ({"a.js": 'import { b as c } from "./b.js";\n', "b.js": "export const b = 2;\n"}, "not known"),
        ({"a.js": 'import * as b from "./b.js";\n', "b.js": "export const b = 2;\n"}, "not known"),
        ({"a.js": 'import "./b.js";\n', "b.js": 'import "./a.js";\n'}, "circle"),
        ({"a.js": "export default 1;\n"}, "not known"),
    ],
)
def test_what_cannot_be_joined_is_told(sources: dict[str, str], told: str) -> None:
    with pytest.raises(CannotJoin, match=told):
        join("a.js", sources)


def test_the_second_script_takes_from_the_first_what_both_need() -> None:
    sources = {
        "start.js": 'import { a } from "./a.js";\na();\n',
        "chat.js": 'import { a } from "./a.js";\nimport { b } from "./b.js";\nexport const chat = a() + b;\n',
        "a.js": "export const a = () => 1;\n",
        "b.js": "export const b = 2;\n",
    }
    first, second = join_pair("start.js", "chat.js", sources)
    assert first == "const a = () => 1;\na();\nexport { a };\n"
    assert second == 'import { a } from "./start.js";\nconst b = 2;\nconst chat = a() + b;\nexport { chat };\n'
    with pytest.raises(CannotJoin, match=r"start\.js, too: a$"):
        join_pair("start.js", "chat.js", sources | {"b.js": "export const b = 2;\nconst a = 3;\n"})


def test_comments_and_indentation_are_taken_out() -> None:
    assert (
        compact_script('/** Doc. */\nconst a = 1; // it\'s "one"\n  // why\n  const b = /** @type {x} */ (a);\n')
        == "const a=1;\nconst b=(a);\n"
    )
    assert compact_styles("/* why */\na :hover > b {\n  color: red;\n}\n") == "a :hover>b{color:red;}\n"


@pytest.mark.parametrize(
    ("script", "compact"),
    [
        ('say("a, b", \'c: d\', "\\" ; ");', 'say("a, b",\'c: d\',"\\" ; ");'),
        ('say("http://a", /* why */ 1);', 'say("http://a", 1);'),
        ("const a = `b, ${ c ? `d, e` : { f: 1 } } g`;", "const a=`b, ${ c ? `d, e` : { f: 1 } } g`;"),
        ("const a = `$5, b`, c = 1;", "const a=`$5, b`,c=1;"),
        ("const a = /^(b, [/ ]c)$/i.test(d);", "const a=/^(b, [/ ]c)$/i.test(d);"),
        ("if (a) return [/ , /, b / 2, c / 2];", "if(a)return[/ , /,b / 2,c / 2];"),
        ("const a = b + +c - -d;", "const a=b + +c - -d;"),
        ("for (const [a] of b) c = (d) => ({ e });", "for(const[a]of b)c=(d)=>({e});"),
        ("a\n  ? b\n  : c", "a\n?b\n:c"),
    ],
)
def test_blanks_around_signs_are_taken_out_but_not_of_texts(script: str, compact: str) -> None:
    assert compact_script(script) == compact + "\n"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_sources_keep_to_what_the_compacting_can_read(path: object) -> None:
    """No text over several lines."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)  # type: ignore[attr-defined]
    for line in text.splitlines():
        code = re.sub(r"^\s*//.*", "", line)
        assert code.count("`") % 2 == 0, line


def test_the_entry_names_the_fingerprint_and_it_follows_the_content() -> None:
    assets = Assets()
    assert f'"./widget/{assets.fingerprint}/start.js"'.encode() in assets.entry.body
    assert Assets().fingerprint == assets.fingerprint
    assert set(JOINED) <= set(assets.parts)
    assert b"import(" in Assets().parts["start.js"].body
    imports = re.findall(rb'^import.*from "(.*)";$', assets.parts["chat.js"].body, re.MULTILINE)
    assert imports == [b"./start.js"]


def test_words_about_telegram_come_only_from_a_service_that_is_there() -> None:
    without, within = Assets(), Assets(telegram=True)
    assert "telegram" not in json.loads(without.parts["chat-en.json"].body)
    assert json.loads(within.parts["chat-en.json"].body)["telegram"] == "Continue in Telegram"
    assert within.fingerprint != without.fingerprint


def test_easy_finnish_is_finnish_with_words_of_its_own() -> None:
    plain, easy = (json.loads(Assets().parts[f"chat-{name}.json"].body) for name in ("fi", "fi-easy"))
    assert list(easy) == list(plain)
    assert easy["send"] == plain["send"]
    assert easy["privacy"] != plain["privacy"]


def test_switched_off_the_entry_does_nothing() -> None:
    assert re.fullmatch(rb"//[^\n]*\n", Assets(switched_on=False).entry.body)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("letters", "ground"),
    [
        ("ink", "page"), ("ink", "paper"), ("ink", "soft"), ("ink", "care-soft"), ("ink", "danger-soft"), ("quiet", "page"),
        ("quiet", "paper"), ("accent", "page"), ("accent", "paper"), ("accent", "soft"), ("on-accent", "accent"),
        ("good", "page"), ("care", "paper"), ("care", "page"), ("danger", "paper"), ("danger", "danger-soft"),
        ("paper", "danger"),
    ],
)  # fmt: skip
def test_letters_of_the_default_colours_can_be_read(scheme: str, letters: str, ground: str) -> None:
    palette = _palette(scheme)
    assert contrast(palette[letters], palette[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edge_of_the_box_can_be_seen(scheme: str) -> None:
    palette = _palette(scheme)
    assert contrast(palette["edge"], palette["paper"]) >= 3


def _palette(scheme: str) -> dict[str, tuple[int, int, int]]:
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))
        for block in re.findall(r"^\.elo(?:\[data-scheme=dark\])? \{(.*?)^\}", STYLES, re.DOTALL | re.MULTILINE)[:2]
    )
    chosen = light if scheme == "light" else light | dark
    return {name: _colour(value) for name, value in chosen.items()}


def _colour(value: str) -> tuple[int, int, int]:
    digits = value[1:] if len(value) == 7 else "".join(2 * digit for digit in value[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)

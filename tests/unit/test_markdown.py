"""Curated Markdown as safe HTML, as plain text and as steps."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.markdown import _forbidden, as_html_text, forbidden_markdown, steps_of, to_html, to_text
from tests.unit.content_fixtures import steady

ALLOWED = {
    "p": set(),
    "ol": {"start"},
    "ul": set(),
    "li": set(),
    "strong": set(),
    "em": set(),
    "a": {"href", "title", "rel"},
    "br": set(),
}

HOSTILE = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href='javascript:x'>",
            "[a](javascript:alert(1))", "[a](JaVaScRiPt:x)", "[a](data:text/html,x)", "[a](vbscript:x)", "[a](https://x.fi)",
            "![a](https://x.fi/a.png)", "[a](https://x.fi \"t\\\" onclick=x\")", "<https://x.fi>", "<javascript:x>",
            "</p>", "<!--", "-->", "&lt;script&gt;", "&#106;avascript:", "# ", "```", "    ", "`", "> ",
            "**", "_", "1. ", "- ", "\n", "\n\n", "\\", "]", "(", "\x00", "&", "\"", "'", "<", ">",
        ]
    )
    | st.text(max_size=8),
    max_size=12,
).map("".join)  # fmt: skip


class Seen(HTMLParser):
    """Every tag with its attributes, and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@steady
@given(HOSTILE)
def test_html_holds_nothing_outside_the_small_set(text: str) -> None:
    for tag, attributes in Seen(to_html(text)).tags:
        assert attributes.keys() <= ALLOWED[tag]
        scheme = re.match(r"\s*([^/?#:]*):", attributes.get("href") or "")
        assert scheme is None or scheme[1].lower() in {"https", "http", "tel", "mailto"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>"),
        ("**a** and *b*", "<p><strong>a</strong> and <em>b</em></p>"),
        ("[a](https://x.fi/?a=1&b=2)", '<p><a href="https://x.fi/?a=1&amp;b=2" rel="noopener noreferrer">a</a></p>'),
        ("[call](tel:112)", '<p><a href="tel:112" rel="noopener noreferrer">call</a></p>'),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("1 < 2 & <b>x</b>", "<p>1 &lt; 2 &amp; &lt;b&gt;x&lt;/b&gt;</p>"),
        ("", ""),
    ],
)
def test_html_of_what_curators_write(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\nb\n\nc", "a b\nc"),
        ("**a** and *b*", "a and b"),
        ("Go:\n\n1. a\n2. b\n\nThen wait.", "Go:\n1. a\n2. b\nThen wait."),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n- b", "- a\n- b"),
        ("1. a\n   - x\n2. b", "1. a\n- x\n2. b"),
        ("see [Migri](https://migri.fi/) now", "see Migri (https://migri.fi/) now"),
        ("<b>x</b> &amp; y", "<b>x</b> & y"),
        ("", ""),
    ],
)
def test_plain_text_has_no_marks(text: str, plain: str) -> None:
    assert to_text(text) == plain


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (
            "Do so:\n\n1. **Apply**.\n2. Pay at [the bank](https://x.fi/).\n\nWait.",
            ["Apply.", "Pay at the bank (https://x.fi/)."],
        ),
        ("1. a\n\n2. b\n", ["a", "b"]),
        ("1. a\n\ntext\n\n1. other\n", ["a"]),
        ("- a\n- b\n", []),
        ("no list", []),
    ],
)
def test_steps_are_the_items_of_the_first_numbered_list(text: str, steps: list[str]) -> None:
    assert steps_of(text) == steps


@steady
@given(st.text())
def test_what_somebody_typed_is_shown_as_just_those_characters(text: str) -> None:
    seen = Seen(as_html_text(text))
    assert {tag for tag, _ in seen.tags} <= {"p", "br"}
    assert seen.text == text.replace("\n", "")
    assert [tag for tag, _ in seen.tags].count("br") == text.count("\n")


@pytest.mark.parametrize(
    "text", ["a **b** *c*", "1. a\n2. b", "- a", "[a](https://x.fi/)", "[a](tel:112)", "[a](mailto:a@x.fi)", "5 < 6", "a\n\nb"]
)
def test_plain_markdown_is_allowed(text: str) -> None:
    assert list(forbidden_markdown(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "# a",
        "a\n===",
        "```\na\n```",
        "    a",
        "`a`",
        "![a](https://x.fi)",
        "> a",
        "a\n\n---",
        "<i>a</i>",
        "a</p>",
        "[a]()",
        "[a](page)",
        "[a](ftp://x)",
    ],
)
def test_everything_else_breaks_one_rule_on_its_line(text: str) -> None:
    ((rule, offset),) = forbidden_markdown(f"first\n\n{text}")
    assert rule.startswith("markdown-")
    assert offset >= len("first\n\n")


@given(st.text(alphabet="a \n\t#*_-=+`~<>![]():.1{}|&\\h", max_size=60))
@steady
def test_a_text_that_is_not_parsed_has_nothing_forbidden(text: str) -> None:
    """Looking for suspects is the fast path; parsing is the reference."""
    assert list(forbidden_markdown(text)) == list(_forbidden(text))

"""Telegram's HTML is well-formed and cut where people would cut it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.styled import Run, cut, styled, to_html, units
from knowledge.markdown import to_html as markdown
from tests.telegram.rules import visible


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
        ("<p>A <strong>bold</strong> and <em>soft</em> word</p>", "A <b>bold</b> and <i>soft</i> word"),
        ("<p>a<br>b</p>", "a\nb"),
        ("<p>First:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p>Last</p>", "First:\n\n• one\n• two\n\nLast"),
        ('<ol start="3"><li>three</li><li>four</li></ol>', "3. three\n4. four"),
        ("<ol><li><p>one</p><p>more</p></li><li><p>two</p></li></ol>", "1. one\nmore\n2. two"),
        ("<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul><p>end</p>", "• one\n   • inner\n• two\n\nend"),
        ('<a href="https://migri.fi/?a=1&amp;b=2" rel="noopener">Migri</a>', '<a href="https://migri.fi/?a=1&amp;b=2">Migri</a>'),
        ('<p>Call <a href="tel:+358295419800">0295 419 800</a></p>', "Call 0295 419 800"),
        ("<p>1 &lt; 2 &amp; &quot;3&quot;</p>", '1 &lt; 2 &amp; "3"'),
    ],
)
def test_blocks_become_lines_and_the_few_tags_stay(source: str, told: str) -> None:
    assert styled(source) == [told]


@pytest.mark.parametrize("source", ["", "<p></p>", "<p> \n</p><ul></ul>"])
def test_of_nothing_nothing_is_sent(source: str) -> None:
    assert styled(source) == []


@pytest.mark.parametrize(
    ("text", "longest", "parts"),
    [
        ("one\n\ntwo\nthree", 12, ["one", "two\nthree"]),
        ("one\ntwo three", 9, ["one", "two three"]),
        ("one two three", 9, ["one two", "three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
        ("fits", 4, ["fits"]),
        ("one two", 3, ["one", "two"]),
    ],
)
def test_a_long_text_is_cut_between_paragraphs_else_lines_else_words(text: str, longest: int, parts: list[str]) -> None:
    assert ["".join(run.text for run in part) for part in cut([Run(text)], longest)] == parts


def test_a_style_goes_on_in_the_next_part() -> None:
    parts = cut([Run("a "), Run("bold words here", bold=True, link="https://a.fi"), Run(" end")], 8)
    assert [to_html(part) for part in parts] == [
        'a <a href="https://a.fi"><b>bold</b></a>',
        '<a href="https://a.fi"><b>words</b></a>',
        '<a href="https://a.fi"><b>here</b></a> end',
    ]


SIGNS = st.text(st.sampled_from("ab <>&\"'\n😀ä*_[]()"), max_size=60)


@given(st.lists(st.builds(Run, SIGNS, st.booleans(), st.booleans(), st.sampled_from([None, 'https://a.fi/?a="&b'])), max_size=8))
def test_every_part_is_short_and_well_formed_and_no_word_is_lost(runs: list[Run]) -> None:
    parts = cut(runs, 20)
    texts = [visible(to_html(part)) for part in parts]
    assert all(0 < units(text) <= 20 and text.strip() for text in texts)
    assert "".join("".join(texts).split()) == "".join("".join(run.text for run in runs).split())


@given(st.text(st.sampled_from("a*_`#-1. \n[](){}<>&!"), max_size=200))
def test_whatever_curators_write_telegram_can_read(text: str) -> None:
    for part in styled(markdown(text)):
        assert not re.search(r"\n{3,}", visible(part))

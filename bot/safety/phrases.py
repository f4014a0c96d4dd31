"""The little language that the phrases of `emergency.yml` are written in, and how a message is made comparable with them.

The head of `emergency.yml` explains the language to its editors.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import chain, permutations, product
from math import prod
from pathlib import Path

import yaml

Words = tuple[str, ...]  # words that follow each other, each with its mark: word, beginning*, *ending, misspelt~
Place = frozenset[Words]  # what may stand in one place of a row; nothing at all for a gap
Row = tuple[Place, ...]

GAP: Place = frozenset()
FEW = 4  # ways to write some words that stand together, up to which they stay one place
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff'`\u00b4\u02b9-\u02bc\u2018\u2019]"
)
MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06ed]")
_APART = yaml.safe_load(Path(__file__).with_name("apart.yml").read_text("utf-8"))
APART = re.compile(rf"\b(?:{'|'.join(chain.from_iterable(words.split() for words in _APART.values()))})\b")
LIKE_LETTERS = str.maketrans("ıđøłىیکةەھێۆڵڕےґ", "idolييكهههيولريг")
PERSIAN_PREFIX = re.compile(r"\b(ن?مي)\s+")  # written apart or together
SENTENCE_END = re.compile(r"(?<!\.)\.(?!\.)|[?;؟。]")
WORD = re.compile(r"[\u0e00-\u0e7f\u3400-\u9fff]|[^\W_\u0e00-\u0e7f\u3400-\u9fff]+")  # a Thai or Chinese sign is a word
STRETCHED = re.compile(r"(.)\1{2,}")
PATTERN_PART = re.compile(r"\)\?|[()|^$]|\.\.\.|[^\s()|.^$]+")
ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщъыьэюяіє")


def fold(text: str) -> str:
    """The text as it is compared: compatibility forms, case, accents, vowel points and invisible characters folded away.

    A word of `apart.yml` gets a 0 before it, so that it is no other word's like.
    """
    return _without_accents(APART.sub(r"0\g<0>", unicodedata.normalize("NFC", INVISIBLE.sub("", text)).casefold()))


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return PERSIAN_PREFIX.sub(r"\1", MARKS.sub("", decomposed).translate(LIKE_LETTERS))


def sentences(text: str) -> list[list[str]]:
    """The folded words of each sentence, between ^ and $."""
    return [["^", *WORD.findall(sentence), "$"] for sentence in SENTENCE_END.split(fold(text))]


def spellings(word: str) -> list[str]:
    """The words that a written word may stand for: "heeelp" for help and heelp, an Arabic one with its "and" for that without."""
    pieces = STRETCHED.split(word, maxsplit=4)
    read = ["".join(choice) for choice in product(*((piece, piece * 2)[: 1 + i % 2] for i, piece in enumerate(pieces)))]
    return read + [one[1:] for one in read if one[0] in "وف" and len(one) > 2]


def misspellings(word: str) -> Iterator[str]:
    """The word, and the word with one letter missing, extra, wrong or swapped; its first letter is right."""
    yield word
    letters = next(alphabet for alphabet in ALPHABETS if word[0] in alphabet)
    for i in range(1, len(word) + 1):
        yield word[:i] + word[i + 1 :]
        yield word[:i] + word[i + 1 : i + 2] + word[i : i + 1] + word[i + 2 :]
        for letter in letters:
            yield word[:i] + letter + word[i:]
            yield word[:i] + letter + word[i + 1 :]


def expand(phrase: str, words: Mapping[str, str]) -> Iterator[Row]:
    """Every row of places that a phrase stands for; `words` are the lists that it may name."""
    while "<" in phrase:
        phrase = re.sub(r"<(\w+)>", lambda name: f"({words[name[1]]})", phrase)
    for parts in permutations([_alternatives(iter(PATTERN_PART.findall(part))) for part in phrase.split(" & ")]):
        for choice in product(*parts):
            row = [place for part in choice for place in (GAP, *part)]
            yield tuple(row[1:] if row[1] != GAP else row[2:])


def _alternatives(parts: Iterator[str]) -> list[Row]:
    """What the parts up to the closing bracket stand for: one place for all that is plain words, and rows for the rest."""
    done: list[Row] = []
    rows: list[Row] = [()]
    closed = ""
    for part in parts:
        if part in (")", ")?"):
            closed = part
            break
        if part == "|":
            done, rows = done + rows, [()]
        else:
            choice = _alternatives(parts) if part == "(" else [(GAP,)] if part == "..." else [(_literal(part),)]
            rows = [row + more for row in rows for more in choice]
    plain: set[Words] = set()
    others: list[Row] = [()] if closed == ")?" else []
    for row in done + rows:
        if len(row) == 1 and row[0] != GAP:
            plain |= row[0]
        elif closed and 0 < prod(map(len, row)) <= FEW and row:
            plain.update(tuple(chain(*choice)) for choice in product(*row))
        else:
            others.append(row)
    return others + [(frozenset(plain),)] * bool(plain)


def _literal(written: str) -> Place:
    if written in "^$":
        return frozenset({(written,)})
    before, after = "*" * (written[0] == "*"), written[-1] if written[-1] in "*~" else ""
    folded = {fold(written), _without_accents(INVISIBLE.sub("", written))}  # a word of apart.yml may be written without accents
    return frozenset(tuple(before + word + after for word in WORD.findall(one)) for one in folded)

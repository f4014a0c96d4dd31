"""Each answer has its twin: questions that must find it, and near misses. A test that repeats an example would test nothing."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import PurePath

from knowledge.checking.apart import Told, plain_words
from knowledge.content import Content
from knowledge.model import Answer, Twin
from knowledge.problems import Problem


def check_twins(content: Content, examples: dict[str, list[Told]]) -> Iterator[Problem]:
    """Twins that are missing, left behind, or that test nothing."""
    without = [name for name in content.answers if content.lacks("twin", name)]
    for name in without:
        yield content.place("answer", name).problem("twin-missing", "id", file=_file_of(content, name))
    finds: dict[str, str] = {}
    for twin in content.twins.values():
        place = content.place("twin", twin.id)
        if content.lacks("answer", twin.id):
            guess = get_close_matches(twin.id, without or list(content.answers), n=1, cutoff=0.6)
            yield place.problem("twin-renamed" if guess else "twin-of-nothing", "id", id=twin.id, guess="".join(guess))
        elif twin.id in content.answers and PurePath(place.path).parent.name not in _groups(content, content.answers[twin.id]):
            yield place.problem("twin-in-other-group", "id", file=_file_of(content, twin.id))
        yield from _check_questions(content, twin, examples, finds)


def _check_questions(content: Content, twin: Twin, examples: dict[str, list[Told]], finds: dict[str, str]) -> Iterator[Problem]:
    """A near miss may be what another twin must find: that is what makes it near. Two twins cannot both have to be found."""
    place = content.place("twin", twin.id)
    own = {plain_words(question) for questions in twin.finds.values() for question in questions}
    seen: set[str] = set()
    for key, languages in (("finds", twin.finds), ("near_misses", twin.near_misses)):
        for language, questions in languages.items():
            for number, question in enumerate(questions):
                words = plain_words(question)
                location = (key, language, number)
                if words in examples:
                    yield place.problem("twin-is-example", *location, question=question, answer=examples[words][0].answer)
                if key == "near_misses" and words in own:
                    yield place.problem("twin-contradicts", *location, question=question)
                elif words in seen:
                    yield place.problem("twin-question-twice", *location, question=question, other=twin.id)
                elif key == "finds" and finds.setdefault(words, twin.id) != twin.id:
                    yield place.problem("twin-question-twice", *location, question=question, other=finds[words])
                seen.add(words)


def _groups(content: Content, answer: Answer) -> set[str]:
    """Where the twin of an answer may stand: beside it, or where the answer belongs and is not."""
    topic = content.topics.get(answer.topic)
    return {PurePath(content.place("answer", answer.id).path).parent.name} | ({topic.group} if topic else set())


def _file_of(content: Content, answer: str) -> str:
    path = PurePath(content.place("answer", answer).path)
    return str(PurePath(*path.parts[:-3], "twins", *path.parts[-2:]))

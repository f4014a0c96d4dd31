"""What the dialogue is trained from: domain, rules and examples fit each other, the actions and the API."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from bot.channels.web.calls import ACTS, Payload
from bot.dialogue import ASKS
from bot.handoff.form import FORM, STEPS
from bot.settings import ROOT
from bot.status import Status
from bot.texts import LANGUAGES
from knowledge.load import load_content
from knowledge.nlu_export import write_ask_examples
from knowledge.search import Decision

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = [
    rule
    for path in sorted((ROOT / "data").glob("rules*.yml"))
    for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
]
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]
NO_LANGUAGE = "en"
"""The variation without a condition."""
BY_BUTTON_ONLY = {"handoff"}
"""Acts that nobody writes."""


def language_of(variation: dict[str, Any]) -> str:
    for condition in variation.get("condition", []):
        assert (condition["type"], condition["name"]) == ("slot", "reply_language")
        return str(condition["value"])
    return NO_LANGUAGE


@pytest.mark.parametrize("response", RESPONSES)
def test_a_response_has_every_language(response: str) -> None:
    languages = [language_of(variation) for variation in RESPONSES[response]]
    assert sorted(languages) == sorted(LANGUAGES)
    assert languages[-1] == NO_LANGUAGE


@pytest.mark.parametrize("response", RESPONSES)
def test_a_response_has_one_known_status(response: str) -> None:
    (status,) = {variation["metadata"]["status"] for variation in RESPONSES[response]}
    assert Status(status)


@pytest.mark.parametrize("response", RESPONSES)
def test_a_response_has_the_same_buttons_in_every_language(response: str) -> None:
    pressed = [[button["payload"] for button in variation.get("buttons", [])] for variation in RESPONSES[response]]
    assert all(payloads == pressed[0] for payloads in pressed)
    titles = [button["title"] for variation in RESPONSES[response] for button in variation.get("buttons", [])]
    assert all(titles)


@pytest.mark.parametrize("response", RESPONSES)
def test_the_api_accepts_every_button(response: str) -> None:
    accepts = TypeAdapter(Payload)
    for variation in RESPONSES[response]:
        for button in variation.get("buttons", []):
            accepts.validate_python(button["payload"])


@pytest.mark.parametrize(
    "payload", ["/restart", "/session_start", "/back", "/ask", "/nlu_fallback", "yes", '/affirm{"offered":1}']
)
def test_the_api_refuses_what_no_button_sends(payload: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Payload).validate_python(payload)


def test_acts_of_buttons_are_intents() -> None:
    assert set(ACTS.split("|")) <= set(DOMAIN["intents"])


def test_every_intent_has_a_rule_and_every_response_is_said() -> None:
    steps = [step for rule in RULES for step in rule["steps"]]
    assert {step["intent"] for step in steps if "intent" in step} - {"nlu_fallback"} == set(DOMAIN["intents"])
    done = {step["action"] for step in steps if "action" in step} - {"action_listen"}
    by_the_form = {f"validate_{FORM}", *(f"{ASKS}{step}" for step in STEPS)}
    assert done | by_the_form == {*DOMAIN["actions"], *RESPONSES, FORM}


def test_the_form_asks_every_step() -> None:
    assert DOMAIN["forms"] == {FORM: {"required_slots": list(STEPS)}}
    assert {name for name in RESPONSES if name.startswith(ASKS)} == {f"{ASKS}{step}" for step in STEPS}


def outcomes_in_rules() -> dict[str, set[str]]:
    """For each action the outcomes after which a rule goes on."""
    after: dict[str, set[str]] = defaultdict(set)
    for rule in RULES:
        action = None
        for step in rule["steps"]:
            action = step.get("action", action)
            for slot in step.get("slot_was_set", []):
                if "outcome" in slot:
                    after[str(action)].add(slot["outcome"])
    return after


def outcomes_in_actions() -> dict[str, set[str]]:
    """For each action the outcomes that its code can set, read from the third argument of ``tell``."""
    outcomes: dict[str, set[str]] = {}
    for path in sorted((ROOT / "actions").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for node in tree.body:
            name = _action_name(node) if isinstance(node, ast.ClassDef) else None
            if name:
                calls = [call for call in ast.walk(node) if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "tell"]
                outcomes[name] = {outcome for call in calls for outcome in _results(call.args[2], functions)}
    return outcomes


def _action_name(node: ast.ClassDef) -> str | None:
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == "name":
            return str(ast.literal_eval(next(each.value for each in method.body if isinstance(each, ast.Return) and each.value)))
    return None


def _results(value: ast.expr, functions: dict[str, ast.FunctionDef]) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=then, orelse=otherwise):
            yield from _results(then, functions)
            yield from _results(otherwise, functions)
        case ast.Call(func=ast.Name(id="str"), args=[ast.Attribute(attr="decision")]):
            yield from Decision
        case ast.Call(func=ast.Name(id=name)) if name in functions:
            for each in ast.walk(functions[name]):
                if isinstance(each, ast.Return) and each.value:
                    yield from _results(each.value, functions)
        case _:
            raise AssertionError(f"cannot tell what {ast.unparse(value)} can be")


@pytest.mark.parametrize("action", [action for action in DOMAIN["actions"] if action != f"validate_{FORM}"])
def test_rules_and_actions_agree_on_the_outcomes(action: str) -> None:
    assert outcomes_in_rules()[action] == outcomes_in_actions()[action]


def test_the_slot_knows_every_outcome() -> None:
    known = set(DOMAIN["slots"]["outcome"]["values"])
    assert known == set().union(*outcomes_in_actions().values())


def examples(tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """``(language, intent, text)`` of every example, with those that come from the content."""
    ask = tmp_path / "content" / "ask.yml"
    write_ask_examples(load_content(), ask)
    for path in [*sorted((ROOT / "data/nlu").glob("*/*.yml")), ask]:
        for listed in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in listed["examples"].splitlines():
                yield path.parent.name, listed["intent"], line.removeprefix("- ").strip()


def test_no_text_stands_under_two_intents(tmp_path: Path) -> None:
    intents: dict[str, set[str]] = defaultdict(set)
    for _, intent, text in examples(tmp_path):
        intents[" ".join(text.casefold().split()).strip(" .!")].add(intent)
    assert {text: sorted(found) for text, found in intents.items() if len(found) > 1} == {}


def test_every_intent_has_examples_in_every_language(tmp_path: Path) -> None:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for language, intent, _ in examples(tmp_path):
        counts[language, intent] += 1
    written = [intent for intent in DOMAIN["intents"] if intent not in BY_BUTTON_ONLY]
    few = {(language, intent) for language in LANGUAGES for intent in written if counts[language, intent] < 3}
    assert few == set()

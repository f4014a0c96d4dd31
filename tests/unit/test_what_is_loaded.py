"""Who only answers loads no library of training; the tokeniser hides PyTorch from nobody."""

import subprocess
import sys

import pytest

from knowledge.without_torch import without_torch


@pytest.mark.parametrize(
    ("doing", "unneeded"),
    [
        ("import knowledge.tokens as tokens; tokens.words('Missä on Kela?')", "torch"),
        ("import bot.service", "torch sklearn pandas"),
    ],
)
def test_no_library_is_loaded_that_only_others_need(doing: str, unneeded: str) -> None:
    code = f"{doing}; import sys; print(*(name for name in '{unneeded}'.split() if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_torch_can_be_imported_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    with without_torch():
        assert sys.modules["torch"] is None
    assert "torch" not in sys.modules


def test_torch_that_is_loaded_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = sys
    monkeypatch.setitem(sys.modules, "torch", loaded)
    with without_torch():
        assert sys.modules["torch"] is loaded
    assert sys.modules["torch"] is loaded

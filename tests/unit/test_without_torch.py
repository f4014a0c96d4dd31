"""The tokeniser does not bring PyTorch along, and hides it from nobody."""

import subprocess
import sys

import pytest

from knowledge.without_torch import without_torch


def test_tokenising_loads_no_torch() -> None:
    code = "import sys, knowledge.tokens as tokens; tokens.words('Missä on Kela?'); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


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

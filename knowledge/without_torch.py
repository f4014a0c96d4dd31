"""Importing a library that would bring PyTorch along without need."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_torch() -> Iterator[None]:
    """Inside, ``import torch`` fails as if PyTorch were not installed.

    spaCy's parts import PyTorch wherever it is installed (it is there for the encoder ``sentence-transformers``), which costs
    190 MB and a second of start; the tokeniser has no use for it. Where PyTorch is loaded already, nothing is hidden.
    """
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]  # what Python itself documents for "cannot be imported"
    try:
        yield
    finally:
        del sys.modules["torch"]

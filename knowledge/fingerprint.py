"""The fingerprint of a Finnish master, by which a stale translation is known."""

from __future__ import annotations

import hashlib

from knowledge.model import Version


def fingerprint(master: Version) -> str:
    """Twelve hexadecimal digits over the title and the answer of the master, spacing aside.

    Examples and links are left out: a new example does not make a translation stale.
    """
    words = " ".join(f"{master.title}\n{master.answer}".split())
    return hashlib.sha256(words.encode()).hexdigest()[:12]

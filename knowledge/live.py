"""What is live, as publishing begins from it and compares with it: without the index, which is not needed for that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.compiled import Compiled
from knowledge.published import UNREADABLE, Manifest, NothingPublished, current_id, fitting_manifest
from knowledge.snapshot import read_compiled
from knowledge.trained import Trained
from knowledge.training import Before


@dataclass(frozen=True)
class Live:
    """The current snapshot without its index."""

    manifest: Manifest
    content: Compiled
    trained: Trained

    @property
    def before(self) -> Before:
        """What training begins from."""
        return Before(self.content, self.trained, self.manifest.changed_since_full)


def read_live(folder: Path, encoder_name: str) -> Live | None:
    """What is live, when this version can begin from it: None when nothing is, or it is broken or of another form or encoder."""
    identifier = current_id(folder)
    if identifier is None:
        return None
    try:
        manifest = fitting_manifest(folder, identifier, encoder_name)
        return Live(manifest, read_compiled(folder, identifier), Trained.load(folder / identifier))
    except (NothingPublished, *UNREADABLE):
        return None

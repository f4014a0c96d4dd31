"""What is published, for the parts that measure without a running system."""

from __future__ import annotations

from bot.settings import read_settings
from knowledge.encoder import Encoder, make_encoder
from knowledge.snapshot import Snapshot, load_snapshot


def published() -> tuple[Snapshot, Encoder]:
    """The current snapshot and the encoder that made it."""
    settings = read_settings()
    encoder = make_encoder(settings.encoder)
    return load_snapshot(settings.snapshot_dir, encoder.name), encoder

"""The guide: the snapshot that is live, and search over it. A new snapshot takes over between two questions."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import structlog

from knowledge.compiled import Compiled
from knowledge.encoder import Encoder, Vectors
from knowledge.places import find_municipalities
from knowledge.published import Manifest, NothingPublished, current_id
from knowledge.search import Found, Question, Searcher
from knowledge.snapshot import Snapshot, load_snapshot
from knowledge.tuning import Tuning, read_tuning

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 2.0


class Guide:
    """Answers from one snapshot at a time.

    Encoding and searching run in threads, so that the event loop stays free; each in its own, so that in a rush the turns
    that are far along do not wait for those that just came.
    """

    def __init__(self, encoder: Encoder, folder: Path, tuning: Tuning | None = None) -> None:
        self._encoder = encoder
        self._folder = folder
        self._tuning = tuning or read_tuning()
        cores = os.cpu_count() or 2
        self._encoding = ThreadPoolExecutor(max_workers=cores, thread_name_prefix="encode")
        self._searching = ThreadPoolExecutor(max_workers=cores, thread_name_prefix="search")
        self._use(load_snapshot(folder, encoder.name))

    @property
    def content(self) -> Compiled:
        """The content of the live snapshot."""
        return self._snapshot.content

    @property
    def manifest(self) -> Manifest:
        """What the live snapshot is."""
        return self._snapshot.manifest

    @property
    def encoder_name(self) -> str:
        return self._encoder.name

    @property
    def encoder(self) -> Encoder:
        """For texts of which many are encoded, or nobody waits for them."""
        return self._encoder

    @property
    def snapshot(self) -> Snapshot:
        """The live snapshot, for those who look into what it is made of."""
        return self._snapshot

    async def encode(self, text: str, *, alone: bool = False) -> Vectors:
        """The vector of one text, shape (d,). ``alone``: nothing else wants the cores just now."""
        encode = partial(self._encoder.encode, [text], alone=alone)
        vectors = await asyncio.get_running_loop().run_in_executor(self._encoding, encode)
        return np.asarray(vectors[0], dtype=np.float32)

    async def search(self, question: Question) -> Found:
        """Search the live snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._searching, self._searcher.search, question)

    def municipalities_in(self, text: str) -> list[str]:
        """Ids of the municipalities named in ``text``."""
        return find_municipalities(text, self.content.municipalities)

    async def follow_publishing(self) -> None:
        """Take each newly published snapshot into use, for ever. One that cannot be read is left, and the live one goes on."""
        refused: str | None = None
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            identifier = current_id(self._folder)
            if identifier in (None, self.manifest.id, refused):
                continue
            try:
                self._use(await asyncio.to_thread(load_snapshot, self._folder, self._encoder.name))
                log.info("snapshot.live", snapshot=identifier)
            except NothingPublished as error:
                refused = identifier
                log.error("snapshot.refused", snapshot=identifier, problem=str(error))

    def close(self) -> None:
        self._encoding.shutdown(wait=False)
        self._searching.shutdown(wait=False)

    def _use(self, snapshot: Snapshot) -> None:
        self._searcher = Searcher(snapshot, self._encoder, self._tuning)
        self._snapshot = snapshot

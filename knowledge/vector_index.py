"""Nearest examples by FAISS: exact by default, HNSW for large indexes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Vectors

EXACT_UP_TO = 50_000
"""Up to so many vectors the index is exact. ``script/bench index`` measures both."""

AT_A_TIME = 256
"""Questions whose cosines with everything are in memory together."""

HNSW_NEIGHBOURS = 32
HNSW_BUILD_DEPTH = 200
HNSW_SEARCH_DEPTH = 128


def build_index(vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> faiss.Index:
    """An inner-product index over unit vectors of shape (n, d)."""
    dimensions = vectors.shape[1]
    if len(vectors) <= exact_up_to:
        index: faiss.Index = faiss.IndexFlatIP(dimensions)
    else:
        graph = faiss.IndexHNSWFlat(dimensions, HNSW_NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = HNSW_BUILD_DEPTH
        graph.hnsw.efSearch = HNSW_SEARCH_DEPTH
        index = graph
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    return index


def nearest(index: faiss.Index, vector: Vectors, count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Row numbers and cosines of the ``count`` nearest vectors, best first; fewer when the index is smaller."""
    cosines, rows = index.search(np.ascontiguousarray(vector, dtype=np.float32)[np.newaxis, :], min(count, index.ntotal))
    found = rows[0] >= 0
    return rows[0][found], cosines[0][found]


def nearest_all(index: faiss.Index, vectors: Vectors, count: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """The same for many vectors of shape (n, d): those of an exact index are gone through once, by one matrix product."""
    if not isinstance(index, faiss.IndexFlat):
        yield from (nearest(index, vector, count) for vector in vectors)
        return
    stored = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(index.ntotal, index.d)
    count = min(count, index.ntotal)
    for start in range(0, len(vectors), AT_A_TIME):
        for cosines in vectors[start : start + AT_A_TIME] @ stored.T:
            some = np.argpartition(-cosines, count - 1)[:count] if count else np.empty(0, dtype=np.int64)
            rows = some[np.argsort(-cosines[some])]
            yield rows, cosines[rows]


def save_index(index: faiss.Index, path: Path) -> None:
    """Write the index into one file."""
    faiss.write_index(index, str(path))


def read_index(path: Path) -> faiss.Index:
    """Read an index. Raises ``RuntimeError`` when the file is missing or is not an index."""
    return faiss.read_index(str(path))


def is_worth_keeping(index: faiss.Index) -> bool:
    """Whether the index takes longer to build than to read. An exact one is no more than the vectors."""
    return not isinstance(index, faiss.IndexFlat)

"""FAISS exact and HNSW at several sizes, on vectors that cluster as real examples do."""

from __future__ import annotations

import os
import time
from typing import Any

import faiss
import numpy as np

from knowledge.encoder import Vectors
from knowledge.vector_index import HNSW_BUILD_DEPTH, HNSW_NEIGHBOURS, HNSW_SEARCH_DEPTH, build_index, nearest
from tests.bench.numbers import percentile_ms
from tests.bench.published import published
from tests.bench.scale import Scale
from tests.eval.questions import Kind, Part, read_questions

SEED = 20261122
JITTER = 0.5
"""Length of the noise beside a unit vector: a jittered vector has a cosine of about 0.89 with its original."""

AT_A_TIME = 50_000
NEIGHBOURS = 10


def measure_index(scale: Scale) -> dict[str, Any]:
    """Build time, search time of one query and recall of HNSW against exact search, by size."""
    snapshot, encoder = published()
    retrieval = snapshot.retrieval
    real: Vectors = retrieval.index.reconstruct_n(0, retrieval.index.ntotal)
    texts = [question.text for question in read_questions(Part.final) if question.kind is Kind.ask][: scale.index_queries]
    queries = retrieval.isotropy.apply(np.vstack([encoder.encode([text]) for text in texts]))
    return {
        "dimensions": real.shape[1],
        "queries": len(queries),
        "hnsw": {"neighbours": HNSW_NEIGHBOURS, "build_depth": HNSW_BUILD_DEPTH, "search_depth": HNSW_SEARCH_DEPTH},
        "rows": [row for size in scale.sizes for row in _at_size(real, queries, size)],
    }


def jittered(real: Vectors, count: int) -> Vectors:
    """``count`` unit vectors, each a real one with noise; the same at every run."""
    random = np.random.default_rng(SEED)
    made = np.empty((count, real.shape[1]), dtype=np.float32)
    for start in range(0, count, AT_A_TIME):
        part = made[start : start + AT_A_TIME]
        noise = random.standard_normal(part.shape, dtype=np.float32) * np.float32(JITTER / np.sqrt(real.shape[1]))
        part[:] = real[random.integers(0, len(real), len(part))] + noise
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return made


def _at_size(real: Vectors, queries: Vectors, size: int) -> list[dict[str, Any]]:
    vectors = jittered(real, size)
    truth: list[set[int]] = []
    rows = []
    for kind, exact_up_to in (("exact", size), ("HNSW", 0)):
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        started = time.perf_counter()
        index = build_index(vectors, exact_up_to)
        build = time.perf_counter() - started
        if kind == "HNSW":
            del vectors
        faiss.omp_set_num_threads(1)
        seconds, found = _search(index, queries)
        truth = truth or found
        right = sum(len(wanted & got) for wanted, got in zip(truth, found, strict=True))
        row = {
            "vectors": size,
            "index": kind,
            "build_s": round(build, 2),
            "p50_ms": percentile_ms(seconds, 50),
            "p95_ms": percentile_ms(seconds, 95),
            "recall_at_10": round(right / sum(map(len, truth)), 4),
        }
        print(f"index: {row}", flush=True)
        rows.append(row)
        del index
    return rows


def _search(index: faiss.Index, queries: Vectors) -> tuple[list[float], list[set[int]]]:
    nearest(index, queries[0], NEIGHBOURS)
    seconds, found = [], []
    for query in queries:
        started = time.perf_counter()
        numbers, _ = nearest(index, query, NEIGHBOURS)
        seconds.append(time.perf_counter() - started)
        found.append(set(numbers.tolist()))
    return seconds, found

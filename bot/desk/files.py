"""What the desk's pages load: style sheet and scripts, read and compressed once.

Their address holds a fingerprint of all of them, so that browsers may keep them for ever.
"""

from __future__ import annotations

import gzip
import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response
from starlette.exceptions import HTTPException

FOLDER = Path(__file__).resolve().parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

FILES = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
FINGERPRINT = hashlib.sha256(b"\0".join(name.encode() + b"\0" + body for name, body in FILES.items())).hexdigest()[:12]
COMPRESSED = {name: gzip.compress(body, 9, mtime=0) for name, body in FILES.items()}

router = APIRouter()


def address(name: str) -> str:
    """Where a file of ``bot/desk/static`` is. Raises ``KeyError`` for one that is not there."""
    if name not in FILES:
        raise KeyError(name)
    return f"/desk/static/{FINGERPRINT}/{name}"


@router.get("/static/{fingerprint}/{name}")
async def static_file(fingerprint: str, name: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
    """A file. A page from before an update asks with the fingerprint of then: it gets the file of now, and does not keep it."""
    if name not in FILES:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    kept = "public, max-age=31536000, immutable" if fingerprint == FINGERPRINT else "no-cache"
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding", "Cross-Origin-Resource-Policy": "same-origin"}
    if "gzip" in accept_encoding:
        return Response(COMPRESSED[name], headers=headers | {"Content-Encoding": "gzip"}, media_type=TYPES[Path(name).suffix])
    return Response(FILES[name], headers=headers, media_type=TYPES[Path(name).suffix])

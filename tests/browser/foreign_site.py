"""A municipality's website on an origin of its own, with the Content-Security-Policy that it wants."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

HOSTILE_STYLES = """
* { box-sizing: content-box !important; font-size: 9px !important; color: rgb(255, 0, 0) !important;
    letter-spacing: 9px !important; text-transform: uppercase !important; line-height: 3 !important; }
button, textarea, article, header, h2, dialog { display: none !important; background: rgb(255, 0, 0) !important; }
html { font-size: 4px; }
"""


class ForeignSite:
    """Serves what it was told to show: pages by their path, each with a policy."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._pages: dict[str, tuple[str, str, str]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body, policy, media_type = site._pages.get(urlsplit(self.path).path, ("", "", "text/plain"))
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", f"{media_type}; charset=utf-8")
                if policy:
                    self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *arguments: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("localhost", urlsplit(origin).port or 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def show(
        self,
        path: str,
        body: str,
        *,
        lang: str = "fi",
        dir: str = "ltr",
        title: str = "Kunta",
        policy: str = "",
        styles: str = "",
        head: str = "",
    ) -> str:
        """Put a page there; its address. ``styles`` come from a file of the site, as under a strict policy."""
        self._pages[f"{path}.css"] = (styles or " ", "", "text/css")
        page = (
            f'<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="{path}.css">{head}'
            f"</head><body><main><h1>{title}</h1>{body}</main></body></html>"
        )
        self._pages[path] = (page, policy, "text/html")
        return self.origin + path


def tag(service: str, **attributes: str) -> str:
    """The one line that a municipality adds."""
    told = "".join(f' data-{name}="{value}"' for name, value in attributes.items())
    return f'<script type="module" src="{service}/widget.js"{told}></script>'


def strict_policy(service: str) -> str:
    """What docs/widget.md tells a municipality to allow, with nothing else allowed but the site's own styles."""
    return (
        f"default-src 'none'; script-src {service}; connect-src {service}; style-src 'self'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'"
    )

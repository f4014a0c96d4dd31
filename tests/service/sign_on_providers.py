"""OpenID Connect providers on loopback: a well-behaved one as a process of its own, and one that says what the test wants."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.live_guide import free_ports, wait_until


@contextmanager
def real_provider(folder: Path) -> Iterator[str]:
    """A running oidc-provider-mock; gives its issuer."""
    [port] = free_ports(1)
    issuer = f"http://localhost:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with (folder / "provider.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONWARNINGS": "ignore"})
        try:
            wait_until(lambda: _answers(f"{issuer}/jwks"), "the provider")
            yield issuer
        finally:
            process.terminate()
            process.wait(10)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address).is_success
    except httpx.TransportError:
        return False


class OddProvider:
    """Gives the ID token that the test makes, and keeps what the service sent for it."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, auto_kid=True)
        self.answer: tuple[int, Any] = (200, {})
        self.configuration: dict[str, Any] = {}
        self.asked: list[tuple[dict[str, str], str]] = []
        """Form and Authorization header of each call of the token endpoint."""
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                keys = KeySet([provider.key]).as_dict(private=False)
                self._send(200, provider.configuration if "well-known" in self.path else keys)

            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                provider.asked.append((form, self.headers.get("Authorization", "")))
                self._send(*provider.answer)

            def _send(self, status: int, told: Any) -> None:
                body = json.dumps(told).encode() if not isinstance(told, bytes) else told
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> OddProvider:
        self._thread.start()
        self.behave()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def behave(self) -> None:
        """Be a provider like others."""
        self.asked.clear()
        self.configuration = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }

    def claims(self, nonce: str, /, **changed: object) -> dict[str, object]:
        """Claims that hold, but for what is ``changed``; None takes a claim away."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": "desk", "sub": "s1", "iat": now, "exp": now + 300, "nonce": nonce,
            "email": "expert@example.fi", "email_verified": True, **changed,
        }  # fmt: skip
        return {name: value for name, value in claims.items() if value is not None}

    def give(self, claims: dict[str, object], key: Any = None, algorithm: str = "RS256") -> None:
        """Answer the next code with an ID token of these claims."""
        signing = key or self.key
        token = jwt.encode({"alg": algorithm, "kid": self.key.kid}, claims, signing, algorithms=[algorithm])
        self.answer = (200, {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token})

"""Single sign-on by OpenID Connect: authorization code flow with PKCE, state and nonce."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, Literal

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures with a public key. Never ``none``, and never one that the client secret could have made."""

LEEWAY_SECONDS = 60
"""By so much the clocks may differ."""

TIMEOUT_SECONDS = 10.0

UNREACHABLE = (httpx2.HTTPError, httpx2.InvalidURL)
"""Authlib calls the provider by httpx2."""

Reason = Literal["denied", "stale", "unknown", "unavailable", "failed"]


class SignOnFailed(Exception):
    """Somebody does not come in. ``reason`` names the words of the page, the message is for the log."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


@dataclass(frozen=True)
class Pending:
    """What must be found again when the person comes back. Kept in a cookie of their browser."""

    state: str
    nonce: str
    verifier: str

    def __str__(self) -> str:
        return f"{self.state}.{self.nonce}.{self.verifier}"

    @classmethod
    def read(cls, kept: str) -> Pending | None:
        """From what ``str`` made of it."""
        parts = kept.split(".")
        return cls(*parts) if len(parts) == 3 else None


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for."""

    subject: str
    email: str | None
    """Only a verified one."""


class SignOn:
    """One provider. Its configuration and keys are fetched at each login, so that it may change them at any time."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer = issuer
        self._client_id, self._client_secret = client_id, client_secret

    async def begin(self, back: str) -> tuple[str, Pending]:
        """The address of the provider's login, which leads back to ``back``, and what to keep. Raises ``SignOnFailed``."""
        pending = Pending(*(secrets.token_urlsafe(32) for _ in range(3)))
        async with self._client(back) as client:
            provider = await self._configuration(client)
            address, _ = client.create_authorization_url(
                provider["authorization_endpoint"],
                state=pending.state,
                nonce=pending.nonce,
                code_verifier=pending.verifier,
            )
        return str(address), pending

    async def finish(self, back: str, pending: Pending | None, answer: dict[str, str], now: dt.datetime) -> Person:
        """Whom the provider's ``answer``, the query of the address it led back to, vouches for. Raises ``SignOnFailed``."""
        if pending is None or not secrets.compare_digest(answer.get("state", "").encode(), pending.state.encode()):
            raise SignOnFailed("stale", "the state is not the one that this browser was sent with")
        if answer.get("iss", self.issuer) != self.issuer:  # RFC 9207
            raise SignOnFailed("failed", "the answer comes from another provider")
        if "code" not in answer:
            raise SignOnFailed("denied", answer.get("error", "no code"))
        async with self._client(back) as client:
            provider = await self._configuration(client)
            methods = provider.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            if "client_secret_basic" not in methods:
                client.token_endpoint_auth_method = "client_secret_post"  # noqa: S105
            try:
                token = await client.fetch_token(
                    provider["token_endpoint"], code=answer["code"], code_verifier=pending.verifier, redirect_uri=back
                )
            except UNREACHABLE as error:
                raise SignOnFailed("unavailable", f"{provider['token_endpoint']}: {error!r}") from error
            except (AuthlibBaseError, ValueError) as error:
                raise SignOnFailed("failed", f"the provider gave no token: {error}") from error
            keys = await self._get(client, provider["jwks_uri"])
        return self._person(token.get("id_token"), keys, pending.nonce, now)

    def _person(self, id_token: object, keys: Any, nonce: str, now: dt.datetime) -> Person:
        checks = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
            azp={"value": self._client_id},
        )
        try:
            claims = jwt.decode(str(id_token), KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims
            checks.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise SignOnFailed("failed", f"the ID token does not hold: {error}") from error
        verified = claims.get("email_verified") is True
        return Person(claims["sub"], str(claims["email"]) if verified and claims.get("email") else None)

    def _client(self, back: str) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            client_id=self._client_id,
            client_secret=self._client_secret,
            scope="openid email",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=TIMEOUT_SECONDS,
        )

    async def _configuration(self, client: AsyncOAuth2Client) -> dict[str, Any]:
        provider = await self._get(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if provider.get("issuer") != self.issuer:
            raise SignOnFailed("unavailable", f"the provider calls itself {provider.get('issuer')!r}")
        missing = {"authorization_endpoint", "token_endpoint", "jwks_uri"} - provider.keys()
        if missing:
            raise SignOnFailed("unavailable", f"the provider does not name {', '.join(sorted(missing))}")
        return provider

    async def _get(self, client: AsyncOAuth2Client, address: str) -> dict[str, Any]:
        try:
            answer = await client.request("GET", address, withhold_token=True)
            answer.raise_for_status()
            told = answer.json()
        except (*UNREACHABLE, ValueError) as error:
            raise SignOnFailed("unavailable", f"{address}: {error!r}") from error
        if not isinstance(told, dict):
            raise SignOnFailed("unavailable", f"{address}: not an object")
        return told

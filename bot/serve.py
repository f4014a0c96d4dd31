"""Serves the public and the internal application from one event loop."""

from __future__ import annotations

import asyncio

import uvicorn

from bot.app import internal_app, public_app
from bot.handoff.possible import Offers
from bot.logs import set_up_logging
from bot.service import Service
from bot.settings import Settings

KEEP_ALIVE_SECONDS = 75
"""Longer than proxies and browsers keep an idle connection, so that they and not we close it: a message that is sent just
when the connection is closed would be lost on its way."""


def serve_both(settings: Settings, offers: Offers | None = None) -> None:
    """Run until a signal comes. Raises ``NothingPublished`` when there is nothing to answer from."""
    set_up_logging(settings.log_level)
    service = Service(settings, offers=offers)
    asyncio.run(_serve(service))


async def _serve(service: Service) -> None:
    settings = service.settings
    public = uvicorn.Server(
        uvicorn.Config(
            public_app(service),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=5,
        )
    )
    internal = uvicorn.Server(
        uvicorn.Config(
            internal_app(service),
            host="127.0.0.1",
            port=settings.internal_port,
            log_config=None,
            access_log=False,
            lifespan="off",
        )
    )
    internal_run = asyncio.create_task(_without_signals(internal))
    try:
        await public.serve()
    finally:
        internal.should_exit = True
        await internal_run


async def _without_signals(server: uvicorn.Server) -> None:
    """The public server alone listens to signals; this one ends with it."""
    await server._serve()

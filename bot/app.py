"""The two web applications of the service: the public one, and the loopback one that Rasa calls."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa_sdk.interfaces import ActionNotFoundException

from actions.registry import make_executor
from bot.channels.telegram.web import LARGEST_UPDATE, WEBHOOK_PATH
from bot.channels.telegram.web import router as telegram_router
from bot.channels.web.api import router
from bot.channels.web.case import case_router
from bot.channels.web.export import router as export_router
from bot.channels.web.headers import SecurityHeaders
from bot.channels.web.limits import BodyLimit
from bot.channels.web.problems import Problem, tell_problems
from bot.channels.web.widget import widget_router
from bot.desk.addresses import ANSWER_FORMS, LARGEST_FORM
from bot.desk.problems import tell_desk_problems
from bot.desk.router import desk_router
from bot.service import Service


def public_app(service: Service) -> FastAPI:
    """What the world sees: the API, its OpenAPI document, the widget and its pages."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await service.start()
        yield
        await service.stop()

    app = FastAPI(
        title="ELO Guide",
        version="1",
        description="Settlement guidance for North Karelia: questions in any language, curated answers with source and date.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    app.include_router(router)
    app.include_router(case_router)
    app.include_router(export_router)
    app.include_router(telegram_router)
    app.include_router(widget_router(service))
    app.include_router(desk_router(service))
    tell_problems(app)
    tell_desk_problems(app)
    app.add_middleware(BodyLimit, larger={WEBHOOK_PATH: LARGEST_UPDATE, ANSWER_FORMS: LARGEST_FORM})
    if service.settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=service.settings.allowed_origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            expose_headers=["Retry-After"],
        )
    app.add_middleware(SecurityHeaders)
    return app


def internal_app(service: Service) -> FastAPI:
    """What only Rasa and the machine itself see: the actions of the dialogue, and metrics."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    executor = make_executor(service.parts.guide)
    tell_problems(app)

    @app.post("/actions")
    async def run_action(request: Request, authorization: Annotated[str, Header()] = "") -> JSONResponse:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {service.settings.internal_token}".encode()):
            raise Problem(HTTPStatus.FORBIDDEN, "Only Rasa may call actions.")
        # endpoints.yml spares Rasa the sending of the whole domain with each call; no action needs it.
        call: dict[str, Any] = {"domain": {}, **await request.json()}
        try:
            result = await executor.run(call)
        except ActionNotFoundException as error:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no action {error.action_name!r}.") from error
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})

    @app.get("/metrics")
    async def metrics() -> PlainTextResponse:
        return PlainTextResponse(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app

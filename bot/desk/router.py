"""All addresses of the desk. A new part of it is a router in ``PARTS``: the gate stands before it by itself."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from bot.desk import (
    answer_edit_pages,
    answer_pages,
    answer_review_pages,
    appointment_actions,
    case_actions,
    case_pages,
    coverage_pages,
    events,
    feedback_pages,
    files,
    missed_actions,
    missed_pages,
    person,
    publish_pages,
    queue_pages,
)
from bot.desk.addresses import START
from bot.desk.gate import own_form
from bot.desk.login import login_router
from bot.desk.report_pages import report_router
from bot.service import Service

PARTS = (
    person.router,
    queue_pages.router,
    events.router,
    case_pages.router,
    case_actions.router,
    appointment_actions.router,
    missed_actions.router,
    missed_pages.router,
    feedback_pages.router,
    publish_pages.router,
    coverage_pages.router,
    answer_review_pages.router,
    answer_edit_pages.router,
    answer_pages.router,
)
"""Routers of what only people who are logged in see. Their paths are below ``/desk``; unsafe calls need the session's token."""


def desk_router(service: Service) -> APIRouter:
    """The login, which is open to all, and behind it everything else."""
    router = APIRouter(include_in_schema=False)
    router.include_router(files.router, prefix=START)
    router.include_router(login_router(service), prefix=START)
    settings = service.settings
    if settings.oidc_issuer:
        from bot.desk.sign_on import SignOn  # its libraries are loaded only where it is used
        from bot.desk.sign_on_pages import sign_on_router

        sign_on = SignOn(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
        router.include_router(sign_on_router(service, sign_on), prefix=START)
    for part in PARTS:
        router.include_router(part, prefix=START, dependencies=[Depends(own_form)])
    router.include_router(report_router(service), prefix=START, dependencies=[Depends(own_form)])
    return router

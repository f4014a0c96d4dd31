"""All addresses of the desk. A new part of it is a router in ``PARTS``: the gate stands before it by itself."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from bot.desk import files, login, person, report_pages
from bot.desk.addresses import START
from bot.desk.gate import own_form
from bot.service import Service

PARTS = (person.router,)
"""Routers of what only people who are logged in see. Their paths are below ``/desk``; unsafe calls need the session's token."""


def desk_router(service: Service) -> APIRouter:
    """The login, which is open to all, and behind it everything else."""
    router = APIRouter(include_in_schema=False)
    router.include_router(files.router, prefix=START)
    router.include_router(login.login_router(service), prefix=START)
    for part in PARTS:
        router.include_router(part, prefix=START, dependencies=[Depends(own_form)])
    router.include_router(report_pages.report_router(service), prefix=START, dependencies=[Depends(own_form)])
    return router

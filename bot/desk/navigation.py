"""Which pages stand in the desk's navigation, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.accounts import ROLES, Account, Role


@dataclass(frozen=True)
class Entry:
    """A page in the navigation. Its words are ``navigation.<name>`` of the catalogues."""

    name: str
    path: str
    roles: tuple[Role, ...] = ROLES


AT_A_DESK: tuple[Role, ...] = ("expert", "counsellor")

NAVIGATION = (
    Entry("queue", "/desk", AT_A_DESK),
    Entry("closed", "/desk/closed", AT_A_DESK),
    Entry("start", "/desk", ("administrator",)),
    Entry("missed", "/desk/missed"),
    Entry("feedback", "/desk/feedback"),
    Entry("answers", "/desk/answers"),
    Entry("reports", "/desk/reports"),
    Entry("account", "/desk/account", AT_A_DESK),
)


def navigation_for(account: Account | None) -> list[Entry]:
    """The entries for an account; none before the login."""
    return [entry for entry in NAVIGATION if account is not None and account.role in entry.roles]

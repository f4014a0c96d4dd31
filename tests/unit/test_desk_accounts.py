"""Accounts of the desk: what they may see, passwords, one-time codes, locks, single sign-on, the command line."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.conversation import Conversation, State
from bot.conversations.database import Database
from bot.conversations.store import ConversationStore
from bot.desk.accounts import Account, AccountStore, HoldsCases, LoginTaken, Role, UnknownAccount
from bot.desk.credentials import Credentials
from bot.desk.passwords import SHORTEST, WORST, WeakPassword, check_strength
from bot.desk.sessions import DeskSessions
from bot.desk.tables import AccountRow
from bot.handoff.tables import CaseRow
from tests.desk_people import NOON, PASSWORD, QUICK, Clock, audited, new_database

LOGIN = "expert@example.fi"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await new_database(tmp_path)
    yield database
    await database.close()


@pytest.fixture
def accounts(database: Database) -> AccountStore:
    return AccountStore(database, QUICK)


@pytest.fixture
def credentials(database: Database) -> Credentials:
    return Credentials(database, QUICK)


@pytest.fixture
async def expert(accounts: AccountStore) -> Account:
    return await accounts.add(LOGIN, "Residence permit expert", "expert", NOON, password=PASSWORD)


async def row_of(database: Database, login: str = LOGIN) -> AccountRow:
    async with database.session() as session:
        return (await session.scalars(select(AccountRow).where(AccountRow.login == login))).one()


# What an account may see


@pytest.mark.parametrize(
    ("role", "desk", "municipality", "asked", "seen"),
    [
        ("expert", "expert", "liperi", False, True),
        ("expert", "expert", None, False, True),
        ("expert", "joensuu", "joensuu", False, False),
        ("expert", "joensuu", "joensuu", True, True),
        ("counsellor", "joensuu", "joensuu", False, True),
        ("counsellor", "joensuu", None, False, True),
        ("counsellor", "expert", "joensuu", False, True),
        ("counsellor", "expert", "liperi", False, False),
        ("counsellor", "expert", None, True, False),
        ("counsellor", "liperi", "liperi", True, False),
        ("administrator", "expert", None, True, False),
        ("administrator", "joensuu", "joensuu", True, False),
    ],
)
def test_who_may_see_a_case(role: Role, desk: str, municipality: str | None, asked: bool, seen: bool) -> None:
    own = "joensuu" if role == "counsellor" else None
    account = Account(1, "x", "Title", role, own, "fi", None, False)
    assert account.may_see(desk, municipality, asked) is seen


def test_a_counsellor_without_a_municipality_sees_no_case() -> None:
    assert not Account(1, "x", "Title", "counsellor", None, "fi", None, False).may_see("expert", None)


# The store


async def test_an_account_is_found_by_its_login_in_any_letters(accounts: AccountStore, expert: Account) -> None:
    assert await accounts.find(" Expert@Example.FI ") == expert
    assert await accounts.find("other@example.fi") is None


async def test_a_login_is_taken_once(accounts: AccountStore, expert: Account) -> None:
    with pytest.raises(LoginTaken):
        await accounts.add(LOGIN.upper(), "Other", "administrator", NOON)
    assert [listed.login for listed in await accounts.all()] == [LOGIN]


async def test_a_stored_password_is_argon2id(database: Database, accounts: AccountStore, expert: Account) -> None:
    stored = (await row_of(database)).password_hash
    assert stored is not None
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


@pytest.mark.parametrize("deed", ["set_code", "clear_code", "disable", "enable", "remove"])
async def test_nothing_can_be_done_to_an_unknown_account(accounts: AccountStore, deed: str) -> None:
    with pytest.raises(UnknownAccount):
        await getattr(accounts, deed)("nobody")


async def test_an_account_that_holds_a_claimed_case_is_not_removed(
    database: Database, accounts: AccountStore, expert: Account
) -> None:
    conversation = Conversation(id="c1", channel="web", state=State(), created_at=NOON, last_at=NOON)
    await ConversationStore(database).create(conversation, [])
    case = CaseRow(
        conversation_id="c1", channel="web", state="claimed", way="question", desk="expert", account_id=expert.id,
        matter="?", language="en", summary={}, consented_at=NOON, created_at=NOON, figures_id="f1",
    )  # fmt: skip
    async with database.write() as session:
        session.add(case)
    with pytest.raises(HoldsCases):
        await accounts.remove(LOGIN)
    async with database.write() as session:
        await session.execute(update(CaseRow).values(state="resolved"))
    await accounts.remove(LOGIN)
    assert await accounts.find(LOGIN) is None


@pytest.mark.parametrize("deed", ["set_password", "disable", "remove"])
async def test_sessions_end_with_the_password_and_the_account(
    database: Database, accounts: AccountStore, expert: Account, deed: str
) -> None:
    sessions = DeskSessions(database, dt.timedelta(hours=1), dt.timedelta(hours=10))
    other = await accounts.add("other", "Other", "expert", NOON)
    ended, kept = await sessions.begin(expert, NOON, "password"), await sessions.begin(other, NOON, "password")
    await getattr(accounts, deed)(LOGIN, *(["another long one"] if deed == "set_password" else []))
    await (accounts.enable(LOGIN) if deed == "disable" else asyncio.sleep(0))
    assert await sessions.read(ended, NOON) is None
    assert await sessions.read(kept, NOON) is not None


# Passwords


async def test_the_right_password_lets_in_and_a_wrong_one_does_not(credentials: Credentials, expert: Account) -> None:
    checked = await credentials.check_password(LOGIN, PASSWORD, NOON)
    assert checked is not None
    assert (checked.account, checked.ticket) == (expert, None)
    assert await credentials.check_password(LOGIN, PASSWORD + " ", NOON) is None
    assert await credentials.check_password(LOGIN, "", NOON) is None


@pytest.mark.parametrize("login", ["nobody", "", "no\x00body", "'; DROP TABLE accounts; --"])
async def test_an_unknown_login_is_refused_and_what_was_typed_is_not_kept(
    database: Database, credentials: Credentials, expert: Account, login: str
) -> None:
    assert await credentials.check_password(login, PASSWORD, NOON) is None
    assert await audited(database) == [("?", "login_failed", None)]


class CountingHasher(PasswordHasher):
    """Notes what is verified."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.verified.append(hash)
        return super().verify(hash, password)


@pytest.mark.parametrize("case", ["unknown", "wrong", "locked", "disabled", "no password"])
async def test_every_refusal_costs_one_verification(database: Database, case: str) -> None:
    hasher = CountingHasher()
    accounts, credentials = AccountStore(database, hasher), Credentials(database, hasher)
    if case != "unknown":
        await accounts.add(LOGIN, "Expert", "expert", NOON, password=None if case == "no password" else PASSWORD)
    if case == "disabled":
        await accounts.disable(LOGIN)
    if case == "locked":
        async with database.write() as session:
            await session.execute(update(AccountRow).values(locked_until=NOON + dt.timedelta(minutes=1)))
    assert await credentials.check_password(LOGIN, "wrong" if case == "wrong" else PASSWORD, NOON) is None
    assert len(hasher.verified) == 1


async def test_a_hash_of_weaker_parameters_is_renewed_at_login(
    database: Database, accounts: AccountStore, expert: Account
) -> None:
    before = (await row_of(database)).password_hash
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    credentials = Credentials(database, stronger)
    assert await credentials.check_password(LOGIN, "wrong", NOON) is None
    assert (await row_of(database)).password_hash == before
    assert await credentials.check_password(LOGIN, PASSWORD, NOON)
    after = (await row_of(database)).password_hash
    assert after is not None
    assert "m=16,t=2" in after
    assert await credentials.check_password(LOGIN, PASSWORD, NOON)
    assert (await row_of(database)).password_hash == after


@pytest.mark.parametrize(
    ("password", "login"),
    [
        ("a" * (SHORTEST - 1), "expert"),
        ("expert@example.fi", "expert@example.fi"),
        ("my EXPERT@example.fi!", "expert@example.fi"),
        ("longer login", "a longer login than the password"),
        ("password1234", "expert"),
        ("PassWord 1234", "expert"),
        ("aaaaaaaaaaaaaaaa", "expert"),
        ("abababababababab", "expert"),
    ],
)
def test_weak_passwords_are_refused(password: str, login: str) -> None:
    with pytest.raises(WeakPassword, match=r"^The password .+\.$"):
        check_strength(password, login)


def test_a_good_password_is_taken() -> None:
    check_strength(PASSWORD, LOGIN)
    assert all(len(worst) >= SHORTEST for worst in WORST)


# Locks


async def fail(credentials: Credentials, now: dt.datetime, times: int = 5) -> None:
    for _ in range(times):
        assert await credentials.check_password(LOGIN, "wrong", now) is None


async def test_five_failures_lock_for_fifteen_minutes_and_each_lock_is_longer(
    database: Database, credentials: Credentials, expert: Account
) -> None:
    clock = Clock()
    for minutes in (15, 30, 60, 120, 240, 480, 960, 1440, 1440):
        await fail(credentials, clock.at)
        clock.forward(minutes=minutes, seconds=-1)
        assert await credentials.check_password(LOGIN, PASSWORD, clock.at) is None
        clock.forward(seconds=1)
    assert await credentials.check_password(LOGIN, PASSWORD, clock.at)
    row = await row_of(database)
    assert (row.failures, row.locked_until) == (0, None)
    assert [detail for _, what, detail in await audited(database) if what == "locked_out"][:3] == ["15 min", "30 min", "60 min"]


async def test_four_failures_do_not_lock(credentials: Credentials, expert: Account) -> None:
    await fail(credentials, NOON, 4)
    assert await credentials.check_password(LOGIN, PASSWORD, NOON)
    await fail(credentials, NOON, 4)
    assert await credentials.check_password(LOGIN, PASSWORD, NOON)


async def test_guesses_sent_at_once_are_counted_one_by_one(database: Database, credentials: Credentials, expert: Account) -> None:
    guesses = [f"guess {number}" for number in range(5)] + [PASSWORD] * 20
    results = await asyncio.gather(*(credentials.check_password(LOGIN, guess, NOON) for guess in guesses))
    assert results == [None] * 25
    assert (await row_of(database)).failures == 5


async def test_attempts_at_a_locked_account_do_not_lengthen_the_lock(
    database: Database, credentials: Credentials, expert: Account
) -> None:
    await fail(credentials, NOON)
    locked_until = (await row_of(database)).locked_until
    await fail(credentials, NOON + dt.timedelta(minutes=14), 20)
    assert (await row_of(database)).locked_until == locked_until


@pytest.mark.parametrize("deed", ["enable", "set_password"])
async def test_a_lock_is_opened_by_the_administrator(
    accounts: AccountStore, credentials: Credentials, expert: Account, deed: str
) -> None:
    await fail(credentials, NOON)
    await getattr(accounts, deed)(LOGIN, *([PASSWORD] if deed == "set_password" else []))
    assert await credentials.check_password(LOGIN, PASSWORD, NOON)


async def test_failures_are_recorded_with_what_was_wrong(
    database: Database, accounts: AccountStore, credentials: Credentials, expert: Account
) -> None:
    await fail(credentials, NOON)
    await fail(credentials, NOON, 1)
    await accounts.enable(LOGIN)
    await accounts.disable(LOGIN)
    await fail(credentials, NOON, 1)
    assert await audited(database) == [
        *[(LOGIN, "login_failed", "password")] * 5,
        (LOGIN, "locked_out", "15 min"),
        (LOGIN, "login_failed", "locked"),
        (LOGIN, "login_failed", "disabled"),
    ]


# One-time codes


async def ticket(credentials: Credentials, now: dt.datetime) -> str:
    checked = await credentials.check_password(LOGIN, PASSWORD, now)
    assert checked is not None
    assert checked.ticket is not None
    return checked.ticket


def code(secret: str, at: dt.datetime) -> str:
    return pyotp.TOTP(secret).at(at)


async def test_a_code_works_once(accounts: AccountStore, credentials: Credentials, expert: Account) -> None:
    secret = await accounts.set_code(LOGIN)
    given = code(secret, NOON)
    assert await credentials.check_code(await ticket(credentials, NOON), given, NOON) == expert
    assert await credentials.check_code(await ticket(credentials, NOON), given, NOON) is None
    later = NOON + dt.timedelta(seconds=30)
    assert await credentials.check_code(await ticket(credentials, later), given, later) is None
    assert await credentials.check_code(await ticket(credentials, later), code(secret, later), later) == expert


async def test_a_code_works_once_when_it_is_sent_twice_at_once(
    accounts: AccountStore, credentials: Credentials, expert: Account
) -> None:
    secret = await accounts.set_code(LOGIN)
    held, given = await ticket(credentials, NOON), code(secret, NOON)
    results = await asyncio.gather(*(credentials.check_code(held, given, NOON) for _ in range(4)))
    assert sorted(result is None for result in results) == [False, True, True, True]


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_a_code_of_the_step_before_or_after_works(
    accounts: AccountStore, credentials: Credentials, expert: Account, steps: int, works: bool
) -> None:
    secret = await accounts.set_code(LOGIN)
    given = code(secret, NOON + dt.timedelta(seconds=30 * steps))
    assert (await credentials.check_code(await ticket(credentials, NOON), given, NOON) is not None) is works


async def test_wrong_codes_lock_the_account_although_the_password_was_right(
    accounts: AccountStore, credentials: Credentials, expert: Account
) -> None:
    secret = await accounts.set_code(LOGIN)
    for _ in range(5):
        assert await credentials.check_code(await ticket(credentials, NOON), "000000x", NOON) is None
    assert await credentials.check_password(LOGIN, PASSWORD, NOON) is None
    await accounts.enable(LOGIN)
    held = await ticket(credentials, NOON)
    await fail(credentials, NOON)
    assert await credentials.check_code(held, code(secret, NOON), NOON) is None


async def test_without_a_code_any_more_the_password_is_enough(
    accounts: AccountStore, credentials: Credentials, expert: Account
) -> None:
    await accounts.set_code(LOGIN)
    held = await ticket(credentials, NOON)
    await accounts.clear_code(LOGIN)
    checked = await credentials.check_password(LOGIN, PASSWORD, NOON)
    assert checked is not None
    assert checked.ticket is None
    assert await credentials.check_code(held, "", NOON) is None


async def test_a_ticket_ends_after_five_minutes_with_the_password_and_with_the_account(
    accounts: AccountStore, credentials: Credentials, expert: Account
) -> None:
    secret = await accounts.set_code(LOGIN)
    held = await ticket(credentials, NOON)
    late = NOON + dt.timedelta(minutes=5)
    assert await credentials.check_code(held, code(secret, late), late) is None
    await accounts.disable(LOGIN)
    assert await credentials.check_code(held, code(secret, NOON), NOON) is None
    await accounts.enable(LOGIN)
    await accounts.set_password(LOGIN, "another long one")
    assert await credentials.check_code(held, code(secret, NOON), NOON) is None


@pytest.mark.parametrize(
    "made_up", ["", "1", "1.2", "1.99999999999.AAAA", "x.y.z", "1.x.AAAA", "²3.1.AAAA", "99.99999999999.AAAA"]
)
async def test_a_made_up_ticket_opens_nothing(
    accounts: AccountStore, credentials: Credentials, expert: Account, made_up: str
) -> None:
    secret = await accounts.set_code(LOGIN)
    assert await credentials.check_code(made_up, code(secret, NOON), NOON) is None


async def test_a_ticket_is_of_one_account(accounts: AccountStore, credentials: Credentials, expert: Account) -> None:
    await accounts.set_code(LOGIN)
    other = await accounts.add("other", "Other", "administrator", NOON, password=PASSWORD)
    secret = await accounts.set_code("other")
    _, until, signature = (await ticket(credentials, NOON)).split(".")
    assert await credentials.check_code(f"{other.id}.{until}.{signature}", code(secret, NOON), NOON) is None


# Single sign-on


async def test_the_first_sign_on_binds_and_the_address_opens_nothing_after_that(accounts: AccountStore, expert: Account) -> None:
    assert await accounts.sign_on("https://id", "s1", None) is None
    assert await accounts.sign_on("https://id", "s1", LOGIN.upper()) == expert
    assert await accounts.sign_on("https://id", "s1", None) == expert
    assert await accounts.sign_on("https://id", "s2", LOGIN) is None


async def test_another_provider_binds_anew(accounts: AccountStore, expert: Account) -> None:
    assert await accounts.sign_on("https://id", "s1", LOGIN) == expert
    assert await accounts.sign_on("https://new", "s1", None) is None
    assert await accounts.sign_on("https://new", "s1", LOGIN) == expert
    assert await accounts.sign_on("https://id", "s1", None) is None


async def test_an_account_is_found_by_its_email_unless_two_have_it(accounts: AccountStore) -> None:
    one = await accounts.add("one", "One", "expert", NOON, email="Desk@example.fi")
    assert await accounts.sign_on("https://id", "s1", "desk@EXAMPLE.fi") == one
    await accounts.add("two", "Two", "expert", NOON, email="shared@example.fi")
    await accounts.add("three", "Three", "expert", NOON, email="shared@example.fi")
    assert await accounts.sign_on("https://id", "s2", "shared@example.fi") is None


@pytest.mark.parametrize("subject", ["s" * 300, "s\x00"])
async def test_a_subject_that_cannot_be_stored_binds_nothing(accounts: AccountStore, expert: Account, subject: str) -> None:
    assert await accounts.sign_on("https://id", subject, LOGIN) is None


async def test_a_disabled_account_does_not_come_in_by_sign_on(accounts: AccountStore, expert: Account) -> None:
    await accounts.disable(LOGIN)
    assert await accounts.sign_on("https://id", "s1", LOGIN) is None
    await accounts.enable(LOGIN)
    assert await accounts.sign_on("https://id", "s1", LOGIN) == expert
    await accounts.disable(LOGIN)
    assert await accounts.sign_on("https://id", "s1", LOGIN) is None


# The command line


@pytest.fixture
def command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELO_DATABASE_URL", f"sqlite:///{tmp_path / 'desk.db'}")


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["accounts", *words], input=typed)


def add(*more: str, login: str = LOGIN, typed: str = f"{PASSWORD}\n") -> Result:
    words = ("--title", "Residence permit expert", "--password-stdin") if "--role" in more else ()
    return run("add", login, *words, *more, typed=typed)


def test_from_an_empty_database_to_a_listed_account(command_line: None) -> None:
    assert run("list").output.startswith("There are no accounts yet.")
    assert add("--role", "expert").output == f"Added {LOGIN}, who is shown as 'Residence permit expert'.\n"
    assert add("--role", "counsellor", "--municipality", "joensuu", login="c").exit_code == 0
    assert run("add", "sso", "--role", "administrator", "--title", "Administrator", "--no-password").exit_code == 0
    assert run("disable", "c").output == "c is disabled. Cases put back into the queue: 0.\n"
    assert run("list").output.splitlines() == [
        "c\tcounsellor\tjoensuu\tResidence permit expert\tdisabled, password",
        f"{LOGIN}\texpert\t-\tResidence permit expert\tpassword",
        "sso\tadministrator\t-\tAdministrator\tno password yet",
    ]
    assert run("enable", "c").output == "c may log in.\n"


def test_a_password_is_asked_for_twice_and_not_shown(command_line: None) -> None:
    words = ("add", LOGIN, "--role", "expert", "--title", "Expert")
    assert run(*words, typed=f"{PASSWORD}\n{PASSWORD} other\n").exit_code == 1
    result = run(*words, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output


def test_a_code_is_shown_once_as_an_address_for_the_app(command_line: None) -> None:
    add("--role", "expert")
    shown = run("code", LOGIN)
    assert shown.output.splitlines()[-1].startswith("otpauth://totp/ELO%20Guide:expert%40example.fi?secret=")
    assert "password, code" in run("list").output
    run("code", LOGIN, "--off")
    assert "password, code" not in run("list").output


def test_an_account_is_removed_after_a_question(command_line: None) -> None:
    add("--role", "expert")
    assert run("remove", LOGIN, typed="n\n").exit_code == 1
    assert LOGIN in run("list").output
    assert run("remove", LOGIN, typed="y\n").exit_code == 0
    assert LOGIN not in run("list").output


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (lambda: add("--role", "counsellor"), "A counsellor needs --municipality, one of: joensuu, liperi,"),
        (lambda: add("--role", "counsellor", "--municipality", "helsinki"), "A counsellor needs --municipality"),
        (lambda: add("--role", "expert", "--municipality", "joensuu"), "Only a counsellor has a municipality."),
        (lambda: add("--role", "expert", "--language", "sv"), "The desk does not speak 'sv'."),
        (lambda: add("--role", "expert", "--email", "nowhere"), "The e-mail address cannot be used:"),
        (lambda: add("--role", "expert", "--notify"), "give --email too"),
        (lambda: add("--role", "expert", login="two words"), "no spaces"),
        (lambda: add("--role", "expert", "--title", " "), "never a person's name"),
        (lambda: add("--role", "expert", typed="short\n"), "too short"),
        (lambda: (add("--role", "expert"), add("--role", "expert"))[1], "There is an account"),
        (lambda: run("disable", "nobody"), "There is no account nobody."),
        (lambda: run("password", "nobody", "--password-stdin", typed=f"{PASSWORD}\n"), "There is no account nobody."),
    ],
)
def test_what_does_not_fit_gives_a_sentence(command_line: None, result: object, told: str) -> None:
    assert callable(result)
    ended = result()
    assert ended.exit_code == 1
    assert told in ended.output
    assert "Traceback" not in ended.output


def test_the_help_says_that_a_title_is_a_role() -> None:
    assert "never" in run("add", "--help").output

"""``python -m bot accounts``: who may work at the desk."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, NoReturn, TypeVar

import pyotp
import typer
from email_validator import EmailNotValidError, validate_email

from bot.conversations.database import Database
from bot.desk.accounts import LANGUAGES, AccountStore, HoldsCases, ListedAccount, LoginTaken, Role, UnknownAccount, normal_login
from bot.desk.passwords import SHORTEST, WeakPassword, check_strength
from bot.handoff.cases import Cases
from bot.notify import Notifier
from bot.settings import SettingsError, read_settings
from knowledge.load import load_content

ISSUER = "ELO Guide"
"""Under this name the account stands in authenticator apps."""

app = typer.Typer(no_args_is_help=True, help="Accounts of the desk.")

Login = Annotated[
    str, typer.Argument(help="What the person logs in with, such as an e-mail address. Small and capital letters are the same.")
]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")]

Result = TypeVar("Result")


@app.command()
def add(
    login: Login,
    role: Annotated[Role, typer.Option(help="What the person may do.")],
    title: Annotated[
        str,
        typer.Option(help="What newcomers and colleagues see: a role, such as 'Residence permit expert', never a person's name."),
    ],
    municipality: Annotated[str | None, typer.Option(help="Id of the counsellor's municipality, such as joensuu.")] = None,
    language: Annotated[str, typer.Option(help="Language in which the person reads the desk: fi or en.")] = "fi",
    email: Annotated[str | None, typer.Option(help="Where mail about cases goes.")] = None,
    notify: Annotated[bool, typer.Option("--notify", help="Send mail about new cases.")] = False,
    password_stdin: FromStdin = False,
    no_password: Annotated[bool, typer.Option("--no-password", help="The person comes by single sign-on only.")] = False,
) -> None:
    """Add an account. The password is asked for, unless it comes by standard input or there is to be none."""
    login = normal_login(login)
    if not login or len(login) > 120 or any(not letter.isprintable() or letter.isspace() for letter in login):
        _give_up("The login must have 1 to 120 characters and no spaces.")
    if not title.strip() or len(title) > 120:
        _give_up("The title must have 1 to 120 characters: a role, never a person's name.")
    if language not in LANGUAGES:
        _give_up(f"The desk does not speak {language!r}. Use one of: {', '.join(LANGUAGES)}.")
    _check_municipality(role, municipality)
    address = None if email is None else _address(email)
    if notify and address is None:
        _give_up("Mail can only be sent to an address: give --email too.")
    password = None if no_password else _password(login, password_stdin)

    async def store(accounts: AccountStore) -> None:
        await accounts.add(
            login,
            title.strip(),
            role,
            dt.datetime.now(dt.UTC),
            password=password,
            municipality=municipality,
            language=language,
            email=address,
            notify_by_email=notify,
        )

    try:
        _with_accounts(store)
    except LoginTaken:
        _give_up(f"There is an account {login} already.")
    typer.echo(f"Added {login}, who is shown as {title.strip()!r}.")


@app.command("list")
def list_accounts() -> None:
    """List all accounts with their state."""
    listed = _with_accounts(lambda accounts: accounts.all())
    for account in listed:
        typer.echo("\t".join((account.login, account.role, account.municipality or "-", account.title, _state(account))))
    if not listed:
        typer.echo("There are no accounts yet. Add one: python -m bot accounts add --help")


@app.command()
def password(login: Login, password_stdin: FromStdin = False) -> None:
    """Set a new password. The account is logged out everywhere, and a lock is opened."""
    chosen = _password(normal_login(login), password_stdin)
    _with_accounts(lambda accounts: accounts.set_password(login, chosen))
    typer.echo(f"{normal_login(login)} has a new password, and is logged out everywhere.")


@app.command()
def code(login: Login, off: Annotated[bool, typer.Option("--off", help="Ask for no code any more.")] = False) -> None:
    """Ask for a one-time code at each login, with a new secret for the person's authenticator app."""
    if off:
        _with_accounts(lambda accounts: accounts.clear_code(login))
        typer.echo(f"{normal_login(login)} logs in without a code.")
        return
    secret = _with_accounts(lambda accounts: accounts.set_code(login))
    typer.echo(f"{normal_login(login)} gives a code at each login from now on. Open this address in an authenticator app;")
    typer.echo("it is a secret, and it is not shown again:")
    typer.echo(pyotp.TOTP(secret).provisioning_uri(name=normal_login(login), issuer_name=ISSUER))


@app.command()
def disable(login: Login) -> None:
    """Let nobody in with the account, log it out everywhere, and put the cases that it has claimed back into the queue."""

    async def put_out(accounts: AccountStore) -> int:
        await accounts.disable(login)
        account = await accounts.find(login)
        cases = Cases(accounts.database, Notifier(), lambda: dt.datetime.now(dt.UTC))
        return await cases.release_all(account) if account else 0

    released = _with_accounts(put_out)
    typer.echo(f"{normal_login(login)} is disabled. Cases put back into the queue: {released}.")


@app.command()
def enable(login: Login) -> None:
    """Let the account in again, and open a lock."""
    _with_accounts(lambda accounts: accounts.enable(login))
    typer.echo(f"{normal_login(login)} may log in.")


@app.command()
def remove(login: Login, yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False) -> None:
    """Delete the account. What it did stays in the audit log."""
    if not yes:
        typer.confirm(f"Delete the account {normal_login(login)}?", abort=True)
    try:
        _with_accounts(lambda accounts: accounts.remove(login))
    except HoldsCases:
        _give_up(f"{normal_login(login)} has claimed cases that are not resolved. Hand them over first, or disable the account.")
    typer.echo(f"{normal_login(login)} is deleted.")


def _with_accounts(work: Callable[[AccountStore], Awaitable[Result]]) -> Result:
    """Do something with the accounts of the database that the settings name."""

    async def run(url: str) -> Result:
        database = Database(url)
        try:
            await database.migrate()
            return await work(AccountStore(database))
        finally:
            await database.close()

    try:
        return asyncio.run(run(read_settings().database_url))
    except SettingsError as error:
        _give_up(str(error))
    except UnknownAccount as error:
        _give_up(f"There is no account {error}. See: python -m bot accounts list")


def _password(login: str, from_stdin: bool) -> str:
    if from_stdin:
        chosen = sys.stdin.readline().rstrip("\r\n")
    else:
        chosen = typer.prompt(f"Password, at least {SHORTEST} characters", hide_input=True, confirmation_prompt="The same again")
    try:
        check_strength(chosen, login)
    except WeakPassword as error:
        _give_up(str(error))
    return chosen


def _check_municipality(role: Role, municipality: str | None) -> None:
    if role != "counsellor":
        if municipality is not None:
            _give_up("Only a counsellor has a municipality.")
        return
    known = load_content().municipalities
    if municipality not in known:
        _give_up(f"A counsellor needs --municipality, one of: {', '.join(known)}.")


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        _give_up(f"The e-mail address cannot be used: {error}")


def _state(account: ListedAccount) -> str:
    locked = account.locked_until is not None and account.locked_until > dt.datetime.now(dt.UTC)
    told = {
        "disabled": account.disabled,
        f"locked until {account.locked_until:%Y-%m-%d %H:%M} UTC" if account.locked_until else "": locked,
        "password": account.has_password,
        "code": account.has_code,
        "single sign-on": account.has_sign_on,
    }
    return ", ".join(word for word, holds in told.items() if holds) or "no password yet"


def _give_up(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)

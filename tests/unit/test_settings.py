"""Settings are documented, have defaults that hold, and say in one sentence what cannot be read."""

import os
import re
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings, SettingsError, read_settings

PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(ELO_[A-Z_]+)` \| (.+) \|$", PAGE, re.MULTILINE))
READ_BY_SCRIPTS = {"ELO_PYTHON", "ELO_MODELS_DIR"}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ELO_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_documented_with_its_description(field: str) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith(f"| `ELO_{field.upper()}` |")]
    description = Settings.model_fields[field].description
    assert description
    assert any(description in row for row in rows)


def test_every_variable_that_a_script_reads_is_documented() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "script").iterdir())
    assert READ_BY_SCRIPTS <= set(re.findall(r"\bELO_[A-Z_]+", scripts)) <= ROWS.keys()


def test_nothing_is_documented_that_nobody_reads() -> None:
    assert {name.removeprefix("ELO_").lower() for name in ROWS.keys() - READ_BY_SCRIPTS} <= Settings.model_fields.keys()


@pytest.mark.parametrize(
    "field",
    [
        *("host", "port", "internal_port", "rasa_port", "rasa_timeout", "encoder", "questions_per_minute", "log_level", "widget"),
        *("appointment_minutes", "appointment_notice_hours"),
        "host",
        "port",
        "internal_port",
        "rasa_port",
        "rasa_timeout",
        "encoder",
        "questions_per_minute",
        "log_level",
        "widget",
        "desk_idle_minutes",
        "desk_session_hours",
        "desk_away_minutes",
    ],
)
def test_the_documented_default_holds(field: str) -> None:
    assert ROWS[f"ELO_{field.upper()}"].split(" | ")[0] == f"`{getattr(read_settings(), field)}`"


@pytest.mark.parametrize(
    ("field", "folder"),
    [("content_dir", "knowledge"), ("snapshot_dir", "var/snapshots"), ("models_dir", "models"), ("run_dir", "var")],
)
def test_folders_are_in_the_main_folder(field: str, folder: str) -> None:
    assert getattr(read_settings(), field) == ROOT / folder


def test_defaults_need_nothing_but_this_machine() -> None:
    settings = read_settings()
    assert settings.host == "127.0.0.1"
    assert settings.rasa_address == "http://127.0.0.1:5005"
    assert settings.database_url == f"sqlite:///{ROOT / 'var' / 'elo.db'}"
    assert settings.rasa_database_url == f"sqlite:///{ROOT / 'var' / 'rasa.db'}"
    assert settings.redis_url is None
    assert settings.allowed_origins == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ELO_PORT", "abc"),
        ("ELO_PORT", "65536"),
        ("ELO_INTERNAL_PORT", "0"),
        ("ELO_RASA_TIMEOUT", "soon"),
        ("ELO_DATABASE_URL", "mysql://localhost/elo"),
        ("ELO_RASA_DATABASE_URL", "var/rasa.db"),
        ("ELO_ENCODER", "word2vec"),
        ("ELO_QUESTIONS_PER_MINUTE", "0"),
        ("ELO_LOG_LEVEL", "loud"),
        ("ELO_WIDGET", "maybe"),
        ("ELO_PRIVACY_URL", "www.example.fi"),
        ("ELO_PUBLIC_URL", "guide.example.fi"),
        ("ELO_CHAT_EXPIRES_HOURS", "0"),
        ("ELO_SMTP_URL", "mail.example.fi"),
        ("ELO_SMTP_URL", "smtp://:@:25"),
        ("ELO_SMTP_URL", "smtp://office:pass5word@mail.example.fi:port"),
        ("ELO_MAIL_FROM", "ELO Guide"),
        ("ELO_DESK_EMAIL", "The desk <desk@example.fi>"),
        ("ELO_TEAMS_LINK", "teams"),
        ("ELO_APPOINTMENT_MINUTES", "0"),
        ("ELO_APPOINTMENT_NOTICE_HOURS", "-1"),
        ("ELO_DESK_IDLE_MINUTES", "0"),
        ("ELO_DESK_SESSION_HOURS", "ten"),
        ("ELO_DESK_AWAY_MINUTES", "-1"),
        ("ELO_OIDC_ISSUER", "http://login.example.fi"),
    ],
)
def test_an_unreadable_setting_gives_one_sentence_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        read_settings()
    assert re.fullmatch(rf"These settings cannot be read: {name}: [^\n]+[^.]\. See docs/settings\.md\.", str(told.value))


def test_a_mail_server_needs_a_sender_and_its_password_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELO_SMTP_URL", "smtps://office:pass5word@mail.example.fi")
    with pytest.raises(SettingsError, match=r"ELO_MAIL_FROM: name the sender"):
        read_settings()
    monkeypatch.setenv("ELO_MAIL_FROM", "ELO Guide <office@example.fi>")
    assert "pass5word" not in repr(read_settings())
    monkeypatch.setenv("ELO_SMTP_URL", "smtps://office:pass5word@mail.example.fi:port")
    with pytest.raises(SettingsError) as told:
        read_settings()
    assert "pass5word" not in str(told.value)


def test_single_sign_on_needs_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELO_OIDC_ISSUER", "https://login.example.fi")
    with pytest.raises(SettingsError, match=r"ELO_OIDC_CLIENT_ID: is needed with .+; ELO_OIDC_CLIENT_SECRET: is needed with "):
        read_settings()
    monkeypatch.setenv("ELO_OIDC_CLIENT_ID", "desk")
    monkeypatch.setenv("ELO_OIDC_CLIENT_SECRET", "secret")
    assert read_settings().oidc_issuer == "https://login.example.fi"


def test_several_unreadable_settings_are_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELO_PORT", "abc")
    monkeypatch.setenv("ELO_LOG_LEVEL", "loud")
    with pytest.raises(SettingsError, match=r"ELO_PORT: .+; ELO_LOG_LEVEL: "):
        read_settings()


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        ("https://example.fi", ["https://example.fi"]),
        (" https://example.fi/ , https://www.example.fi ", ["https://example.fi", "https://www.example.fi"]),
        (" , ", []),
        ("", []),
    ],
)
def test_origins_are_split_and_lose_their_last_slash(monkeypatch: pytest.MonkeyPatch, value: str, origins: list[str]) -> None:
    monkeypatch.setenv("ELO_ALLOWED_ORIGINS", value)
    assert read_settings().allowed_origins == origins


def test_a_rasa_elsewhere_is_reached_at_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELO_RASA_URL", "http://127.0.0.1:5015/")
    assert read_settings().rasa_address == "http://127.0.0.1:5015"


def test_folders_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ELO_SNAPSHOT_DIR", str(tmp_path))
    assert read_settings().snapshot_dir == tmp_path

"""Settings: environment variables ``ELO_*``. Every one is described in docs/settings.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.handoff.smtp_address import read_mailbox, read_smtp_url

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting cannot be read. The message is one sentence for the person who starts the service."""


class Settings(BaseSettings):
    """All settings with their defaults. The text of each field is what docs/settings.md tells."""

    model_config = SettingsConfigDict(env_prefix="ELO_", extra="ignore")

    host: str = Field("127.0.0.1", description="Address on which the service listens.")
    port: int = Field(8080, ge=1, le=65535, description="Port on which the service listens.")
    internal_port: int = Field(8081, ge=1, le=65535, description="Loopback port on which Rasa calls the service's actions.")
    rasa_port: int = Field(5005, ge=1, le=65535, description="Loopback port on which Rasa listens.")
    rasa_url: str | None = Field(
        None, description="Address of a Rasa that is run elsewhere. Unset: on this machine, at the Rasa port."
    )
    rasa_timeout: float = Field(3.0, gt=0, le=60, description="Seconds to wait for the dialogue before the newcomer is told.")
    internal_token: str = Field(
        "", description="Secret that Rasa sends with action calls. script/run makes a new one at each start."
    )
    database_url: str = Field(
        f"sqlite:///{ROOT / 'var' / 'elo.db'}", description="Database of conversations: SQLite, or postgresql://user@host/name."
    )
    rasa_database_url: str = Field(
        f"sqlite:///{ROOT / 'var' / 'rasa.db'}", description="Database of Rasa's tracker: SQLite, or postgresql://user@host/name."
    )
    redis_url: str | None = Field(
        None, description="Redis for Rasa's locks, needed with several Rasa processes: redis://host:port/number."
    )
    encoder: str = Field("bundled", description="bundled, or sentence-transformers:<model id or local path>.")
    content_dir: Path = Field(ROOT / "knowledge", description="Folder of the content that counsellors edit.")
    snapshot_dir: Path = Field(ROOT / "var" / "snapshots", description="Folder of published snapshots.")
    watch_content: Literal["on", "off"] = Field(
        "off", description="Whether the content folder is watched, and what changes there is published by itself when it passes."
    )
    models_dir: Path = Field(ROOT / "models", description="Folder of trained Rasa models.")
    run_dir: Path = Field(ROOT / "var", description="Folder of run-time files: logs and generated configuration.")
    allowed_origins: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Origins of other websites that may call the API, separated by commas."
    )
    widget: Literal["on", "off"] = Field(
        "on", description="Whether pages that carry the widget show it; `off` takes it away from all of them at once."
    )
    privacy_url: str | None = Field(
        None, description="Address of a privacy statement that takes the place of the guide's own page `/privacy`."
    )
    questions_per_minute: int = Field(30, ge=1, description="Messages that one address or conversation may send in a minute.")
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses of proxies whose X-Forwarded-For is believed, separated by commas."
    )
    public_url: str | None = Field(
        None, description="Address at which newcomers reach the guide, for links in e-mails: https://guide.example.fi."
    )
    look_seconds: float = Field(
        5.0, ge=0.1, le=60, description="Seconds between two looks of a process for what others have stored."
    )
    chat_expires_hours: int = Field(
        24, ge=1, description="Hours after which a chat that nobody took is closed, and the newcomer is told."
    )
    case_reminder_minutes: int = Field(
        30, ge=1, description="Minutes that a case may wait before the desk is reminded of it, once."
    )
    desk_idle_minutes: int = Field(60, ge=1, description="Minutes without a sign of life after which a login at the desk ends.")
    desk_session_hours: int = Field(10, ge=1, description="Hours after which a login at the desk ends in any case.")
    desk_away_minutes: int = Field(
        10, ge=1, description="Minutes without a sign of life after which somebody at the desk counts as away."
    )
    review_months: int = Field(
        6, ge=1, le=36, description="Months after which an answer that was found right at the desk is reviewed again."
    )
    oidc_issuer: str | None = Field(
        None, description="Address of the OpenID Connect provider for single sign-on at the desk. Unset: passwords only."
    )
    oidc_client_id: str = Field("", validate_default=True, description="Name under which the provider knows the desk.")
    oidc_client_secret: str = Field(
        "", validate_default=True, repr=False, description="Secret that belongs to the name at the provider."
    )
    oidc_name: str = Field("", description="Text of the button for single sign-on.")
    telegram_token: str = Field(
        "", repr=False, description="Token of the Telegram bot, from BotFather. Empty: the guide is not in Telegram."
    )
    telegram_webhook_url: str | None = Field(
        None, description="Address at which Telegram pushes updates, ending in /telegram/webhook. Unset: they are fetched."
    )
    telegram_api_url: str = Field("https://api.telegram.org", description="Address of the Bot API, for a server of one's own.")
    keep_conversations_days: int = Field(
        30, ge=1, description="Days after its last message for which a conversation without a case is kept."
    )
    keep_cases_months: int = Field(
        12, ge=1, description="Months after its end for which a case is kept, and its conversation with it."
    )
    keep_missed_days: int = Field(
        180, ge=1, description="Days for which the masked words of questions without an answer are kept."
    )
    keep_audit_months: int = Field(24, ge=1, description="Months for which the audit log of the desk is kept.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    smtp_url: str | None = Field(
        None,
        repr=False,
        description="Mail server that takes the desk's mail: smtp://user:password@host:port. Unset: mail is off.",
    )
    mail_from: str | None = Field(
        None,
        validate_default=True,
        description="Sender of all mail: office@example.fi or Name <office@example.fi>. Needed with a mail server.",
    )
    desk_email: str | None = Field(None, description="Address where the permit expert's desk gets its mail. Unset: it gets none.")
    teams_link: str | None = Field(None, description="Link of Teams appointments, unless another one is typed in at the desk.")
    appointment_minutes: int = Field(30, ge=5, le=240, description="Length of an appointment in minutes.")
    appointment_notice_hours: int = Field(2, ge=0, le=336, description="Hours that an appointment is booked ahead at the least.")

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        return [origin.strip().rstrip("/") for origin in value.split(",") if origin.strip()] if isinstance(value, str) else value

    @field_validator("encoder")
    @classmethod
    def _known_encoder(cls, value: str) -> str:
        if value != "bundled" and not value.startswith("sentence-transformers:"):
            raise ValueError("use 'bundled' or 'sentence-transformers:<model id or path>'")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _token_of_a_bot(cls, value: str) -> str:
        if value and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value):
            raise ValueError("use the token that BotFather gave: a number, a colon, and letters")
        return value

    @field_validator("telegram_webhook_url")
    @classmethod
    def _address_for_telegram(cls, value: str | None) -> str | None:
        if value is not None and not (
            value.startswith(("https://", "http://127.0.0.1:", "http://localhost:")) and value.endswith("/telegram/webhook")
        ):
            raise ValueError("use an address that begins with https:// and ends in /telegram/webhook")
        return value

    @field_validator("privacy_url", "public_url", "teams_link", "telegram_api_url")
    @classmethod
    def _address_of_a_page(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("use an address that begins with https://")
        return value.rstrip("/") if value else value

    @field_validator("smtp_url")
    @classmethod
    def _known_mail_server(cls, value: str | None) -> str | None:
        if value is not None:
            read_smtp_url(value)
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender_of_mail(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None:
            read_mailbox(value)
        elif info.data.get("smtp_url") is not None:
            raise ValueError("name the sender, since ELO_SMTP_URL is set")
        return value

    @field_validator("desk_email")
    @classmethod
    def _address_of_the_desk(cls, value: str | None) -> str | None:
        if value is not None and read_mailbox(value).addr_spec != value:
            raise ValueError("use an address alone, such as office@example.fi")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_issuer(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("use an address that begins with https://")
        return value

    @field_validator("oidc_client_id", "oidc_client_secret")
    @classmethod
    def _needed_with_issuer(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not value:
            raise ValueError("is needed with ELO_OIDC_ISSUER")
        return value

    @field_validator("database_url", "rasa_database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("use sqlite:///path or postgresql://user@host/name")
        return value

    @property
    def rasa_address(self) -> str:
        """Where the service reaches Rasa."""
        return (self.rasa_url or f"http://127.0.0.1:{self.rasa_port}").rstrip("/")


def read_settings() -> Settings:
    """Settings from the environment. Raises ``SettingsError`` naming every variable that cannot be read."""
    try:
        return Settings()
    except ValidationError as error:
        told = "; ".join(f"ELO_{str(detail['loc'][0]).upper()}: {_plain(detail['msg'])}" for detail in error.errors())
        raise SettingsError(f"These settings cannot be read: {told}. See docs/settings.md.") from error


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ").rstrip(".")

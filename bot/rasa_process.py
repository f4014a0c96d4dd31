"""How Rasa is started: its command, its environment, and its endpoints made from endpoints.yml and the settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import make_url

from bot.settings import ROOT, Settings

RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"


def rasa_command(settings: Settings, endpoints: Path) -> list[str]:
    """The command that serves the newest trained model on the loopback address."""
    return [
        str(RASA_PYTHON), "-m", "rasa", "run", "--model", str(settings.models_dir), "--endpoints", str(endpoints),
        "--credentials", str(ROOT / "credentials.yml"), "--interface", "127.0.0.1", "--port", str(settings.rasa_port), "--quiet",
    ]  # fmt: skip


def rasa_environment() -> dict[str, str]:
    """The environment of Rasa's process: our graph components on its path, no telemetry, one thread for each library."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


def write_endpoints(settings: Settings) -> Path:
    """Write ``endpoints.yml`` with the settings put in; returns the file, readable by its owner only."""
    endpoints: dict[str, Any] = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{settings.internal_port}/actions"
    endpoints["action_endpoint"]["headers"] = {"Authorization": f"Bearer {settings.internal_token}"}
    endpoints["tracker_store"]["url"] = settings.rasa_database_url
    if settings.redis_url:
        redis = make_url(settings.redis_url)
        endpoints["lock_store"] = {
            "type": "redis",
            "url": redis.host,
            "port": redis.port or 6379,
            "db": int(redis.database or 0),
            "username": redis.username,
            "password": redis.password,
        }
    folder = settings.run_dir / "rasa"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "endpoints.yml"
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    return path

"""A conversation in the terminal, over the same API as everybody else's."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
import typer
from rich.console import Console
from rich.panel import Panel

console = Console(highlight=False)


def talk(url: str, language: str | None) -> None:
    """Ask line by line until an empty line or the end of input. A number presses the button of that number."""
    with httpx.Client(base_url=url, timeout=15) as client:
        try:
            begun = client.post("/api/v1/conversations", json={"language": language}).raise_for_status().json()
        except httpx.HTTPError:
            typer.echo(f"There is no service at {url}. Start it with script/run.", err=True)
            raise typer.Exit(1) from None
        client.headers["Authorization"] = f"Bearer {begun['token']}"
        buttons = _show(begun["messages"])
        while (said := _read()) is not None:
            sent: dict[str, Any] = {"client_id": secrets.token_hex(8)}
            if said.isdecimal() and 0 < int(said) <= len(buttons):
                sent |= {"payload": buttons[int(said) - 1]["payload"], "title": buttons[int(said) - 1]["title"]}
            else:
                sent |= {"text": said}
            response = client.post(f"/api/v1/conversations/{begun['id']}/messages", json=sent)
            if response.is_success:
                buttons = _show(response.json()["messages"])
            else:
                console.print(response.json()["detail"], style="red")


def _read() -> str | None:
    try:
        return console.input("[bold]> [/bold]").strip() or None
    except (EOFError, KeyboardInterrupt):
        return None


def _show(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    buttons: list[dict[str, str]] = []
    for message in messages:
        answer = message.get("answer")
        body = message["text"]
        if answer:
            sources = "\n".join(f"{source['title']}, {source['checked_on']}" for source in answer["sources"])
            body += f"\n\n{sources}" + ("" if answer["reviewed"] else "\n(draft)")
        for contact in (message.get("expert") or {}).get("contacts", []):
            body += f"\n{contact['name']}: {', '.join(phone['number'] for phone in contact['phones']) or '–'}"
        buttons = message["buttons"]
        body += "".join(f"\n[{number}] {button['title']}" for number, button in enumerate(buttons, 1))
        console.print(Panel(body, title=answer["title"] if answer else message.get("status") or ""), markup=False)
    return buttons

"""What a visitor loads of the widget: counted by a real browser, from the real service, compressed as it is sent."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, Response

from bot.texts import LANGUAGES
from tests.bench.scale import Scale
from tests.bench.systems import Systems
from tests.browser.chromium import running_chromium
from tests.browser.foreign_site import ForeignSite, tag
from tests.live_guide import free_ports


def measure_widget(scale: Scale, systems: Systems) -> dict[str, Any]:
    """For each language the bytes and requests before the first press of the button, and after a conversation was opened."""
    url = systems.guide.url
    rows = []
    with ForeignSite(f"http://localhost:{free_ports(1)[0]}") as site, running_chromium() as browser:
        for language in LANGUAGES:
            page = browser.new_context().new_page()
            loaded: list[Response] = []
            page.on("response", lambda response, loaded=loaded: loaded.append(response))
            page.goto(site.show("/page", tag(url, lang=language), lang=language))
            page.locator("elo-button .elo > button").wait_for()
            button = _weight(page, loaded, url)
            page.locator("elo-button .elo > button").click()
            page.locator("elo-chat textarea").wait_for()
            rows.append({"language": language, "button": button, "all": _weight(page, loaded, url)})
            page.context.close()
    return {"rows": rows}


def _weight(page: Page, loaded: list[Response], url: str) -> dict[str, int]:
    page.wait_for_load_state("networkidle")
    own = [response for response in loaded if response.url.startswith(url)]
    code = [response for response in own if response.url.endswith((".js", ".css"))]
    sizes = {response.url: response.request.sizes()["responseBodySize"] for response in own}
    return {"requests": len(own), "bytes": sum(sizes.values()), "code_bytes": sum(sizes[response.url] for response in code)}

"""What is looked at on every page on the way, whatever the page is about."""

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

AXE = Axe()
NARROW = 390
# A button that may be pressed again takes its colour back little by little.
COLOURS_STAND = """Promise.all(
    document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished.catch(() => null))
).then(() => null)"""
NUMBERS = re.compile(r"\d+|[0-9a-f]{16,}|(?<=/verify/)\w+")


def shape(url: str) -> str:
    """The address without its numbers: two cases have the same page."""
    path = url.split("://", 1)[-1].split("/", 1)[-1].split("?")[0]
    return NUMBERS.sub("N", path)


class Looker:
    """Collects what nobody may ever meet: a 500, a refused script or style, sideways scrolling, what axe-core calls serious."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.seen: set[tuple[str, str, str]] = set()
        self.without_script: set[str] = set()

    def watch(self, context: BrowserContext, who: str) -> None:
        def answered(response: Response) -> None:
            if response.status >= 500:
                self.wrong.append(f"{who}: {response.status} {response.url}")

        def said(message: ConsoleMessage) -> None:
            # axe itself is put into the page by the test, which the policy rightly does not know.
            if "Content Security Policy" in message.text and "eval" not in message.text:
                self.wrong.append(f"{who}: {message.text}")

        context.on("response", answered)
        context.on("console", said)
        context.on("weberror", lambda error: self.wrong.append(f"{who}: {error.error}"))

    def look(self, page: Page, who: str, mark: str = "") -> None:
        """Once for each shape of page and role; ``mark`` tells states of one page apart."""
        key = (who, shape(page.url), mark)
        # Whoever looks works by scripts, too, and would wait for ever where there are none.
        if key in self.seen or who in self.without_script:
            return
        self.seen.add(key)
        where = f"{who} {shape(page.url)} {mark}".strip()
        # A button that waits for its answer is paler for that moment.
        page.wait_for_selector('[aria-busy="true"]', state="detached")
        page.evaluate(COLOURS_STAND)
        for found in AXE.run(page).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                self.wrong.append(f"{where}: {found['id']} {[node['target'] for node in found['nodes'][:3]]}")
        self.measure(page, where)
        if page.title().strip(" ·") in ("", "定点通"):
            self.wrong.append(f"{where}: no title")

    def measure(self, page: Page, where: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            self.wrong.append(f"{where}: {wide} pixels wider than the window")

    def look_on_telephone(self, page: Page, who: str) -> None:
        """The same page, once more, in a window as narrow as a telephone; a mouse and a wide window come back afterwards."""
        before = page.viewport_size
        page.set_viewport_size({"width": NARROW, "height": 844})
        self.measure(page, f"{who} {shape(page.url)} at {NARROW}")
        if before:
            page.set_viewport_size(before)

    def report(self) -> None:
        assert self.wrong == [], "\n".join(self.wrong)


Shutter = Callable[[Page, str], None]

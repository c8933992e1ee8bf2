"""Somebody in front of a browser: goes by what stands on the page, never by an address that is not written there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.looking import Looker, Shutter

SAME = {each: f"[{pair}]" for pair in (",，", ":：", ";；", "(（", ")）", '“"', '”"') for each in pair}


def words(text: str, begin: bool = False) -> re.Pattern[str]:
    """These words on a page, with whatever width of stops and however many blanks."""
    pattern = "".join(r"\s*" if each.isspace() else SAME.get(each) or re.escape(each) for each in text)
    return re.compile(rf"^\s*{pattern}" if begin else pattern)


class Person:
    """``who`` names the role in what is reported; ``home`` is where the person starts after signing in."""

    def __init__(self, context: BrowserContext, who: str, looker: Looker, shutter: Shutter | None = None) -> None:
        self.context, self.who, self.looker, self.shutter = context, who, looker, shutter
        looker.watch(context, who)
        context.set_default_timeout(15_000)
        self.page: Page = context.new_page()

    # Moving

    def open(self, address: str) -> Person:
        """Type an address: the front door, or a link from a message."""
        self.page.goto(address)
        return self._arrived()

    def sign_in(self, username: str, password: str) -> Person:
        self.open("/login/")
        self.fill("用户名", username)
        self.page.get_by_label("密码", exact=True).fill(password)
        return self.press("登录")

    def menu(self, title: str) -> Person:
        """An entry of the main navigation."""
        return self.leave_by(self.page.get_by_role("navigation", name="主导航").get_by_role("link", name=title, exact=True))

    def follow(self, text: str, within: str = "main", nth: int = 0) -> Person:
        """A link by its words, or the beginning of them."""
        return self.leave_by(self.page.locator(within).get_by_role("link", name=words(text, begin=True)).nth(nth))

    def press(self, text: str, nth: int = 0) -> Person:
        return self.leave_by(self.page.get_by_role("button", name=words(text)).nth(nth))

    def leave_by(self, control: Locator) -> Person:
        """Click what leads to another page and wait until that one stands: on a slow machine the old one still answers after the click."""
        with self.page.expect_event("load"):
            control.click()
        return self._arrived()

    def _arrived(self) -> Person:
        self.looker.look(self.page, self.who)
        return self

    # Filling in

    def field(self, label: str) -> Locator:
        """The control of a label; what follows the label in brackets does not matter."""
        return self.page.locator("main").get_by_label(re.compile(rf"{words(label, begin=True).pattern}\s*([（(]选填[）)])?\s*$"))

    def fill(self, label: str, value: str) -> Person:
        self.field(label).fill(value)
        return self

    def choose(self, label: str, option: str) -> Person:
        self.field(label).select_option(label=option)
        return self

    def tick(self, label: str) -> Person:
        self.page.locator("main").get_by_label(words(label)).check()
        return self

    def untick(self, label: str) -> Person:
        self.page.locator("main").get_by_label(words(label)).uncheck()
        return self

    def hand_in(self, label: str, file: Path | dict[str, Any]) -> Person:
        self.page.get_by_label(words(label)).set_input_files(file)
        return self

    # Seeing

    def sees(self, *texts: str, within: str = "main") -> Person:
        for text in texts:
            expect(self.page.locator(within).first).to_contain_text(words(text))
        return self

    def does_not_see(self, *texts: str, within: str = "main") -> Person:
        for text in texts:
            expect(self.page.locator(within).first).not_to_contain_text(words(text))
        return self

    def standing(self, *texts: str) -> Person:
        """The one line of where the case stands."""
        return self.sees(*texts, within=".dd-standing")

    def look(self, mark: str) -> Person:
        self.looker.look(self.page, self.who, mark)
        return self

    def photo(self, name: str) -> Person:
        if self.shutter:
            self.shutter(self.page, name)
        return self

    def fetch(self, link: Locator) -> bytes:
        """What lies behind a link that is no page, with this person's session."""
        answer = self.context.request.get(link.get_attribute("href") or "")
        assert answer.ok, (answer.status, answer.url)
        return answer.body()

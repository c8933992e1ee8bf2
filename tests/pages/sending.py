"""What a page's own form would send, read from the page as a browser reads it."""

from __future__ import annotations

from html.parser import HTMLParser


def fields_of(shown: str, button: str = "") -> dict[str, str]:
    """The fields of the page's form that holds a version, as they stand; ``button``: the value of the one that is pressed."""
    reader = _Reader()
    reader.feed(shown)
    (found,) = (form for form in reader.forms if "version" in form.fields)
    return found.fields | ({found.buttons[button]: button} if button else {})


class _Form:
    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.buttons: dict[str, str] = {}  # value → name


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.select = self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self.forms.append(_Form())
        elif tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.forms[-1].fields[name] = value
        elif tag == "button" and name:
            self.forms[-1].buttons[value] = name
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in given or self.select not in self.forms[-1].fields):
            self.forms[-1].fields[self.select] = value
        elif tag == "textarea":
            self.text = name
            self.forms[-1].fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.text = ""

    def handle_data(self, data: str) -> None:
        if self.text:
            self.forms[-1].fields[self.text] += data

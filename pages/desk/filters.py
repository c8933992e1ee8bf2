"""Filters of a list, kept in the address; each shows as a chip that takes it away. Nonsense in the address is dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict

LONGEST = 100


@dataclass(frozen=True)
class Choice:
    """One filter: its name in the address, its title, and value → title of what can be chosen; no choices: free text."""

    name: str
    title: str
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Chip:
    title: str
    url: str


@dataclass(frozen=True)
class Filters:
    """What was chosen, and the addresses that lead on from here."""

    path: str
    query: QueryDict
    known: Sequence[Choice]
    chosen: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What was chosen for one filter; empty for nothing. (No brackets: templates would take them for attributes.)"""
        return self.chosen.get(name, "")

    @property
    def words(self) -> str:
        """What was searched for."""
        return self.get("q")

    @property
    def chips(self) -> list[Chip]:
        found = []
        for choice in self.known:
            value = self.get(choice.name)
            if value:
                text = f"“{value}”" if choice.choices is None else choice.choices[value]
                found.append(Chip(f"{choice.title}：{text}", self.url(**{choice.name: ""})))
        return found

    @property
    def fields(self) -> list[dict[str, Any]]:
        """Selects for the form; free text is laid out by the page itself."""
        return [
            {"name": choice.name, "title": choice.title, "choices": list(choice.choices.items()), "value": self.get(choice.name)}
            for choice in self.known
            if choice.choices is not None and len(choice.choices) > 1
        ]

    def url(self, **changes: str) -> str:
        """The address with some filters changed; an empty value takes one away. Paging starts anew."""
        query = QueryDict(mutable=True)
        for choice in self.known:
            value = changes.get(choice.name, self.get(choice.name))
            if value:
                query[choice.name] = value
        return f"{self.path}?{query.urlencode()}" if query else self.path

    @property
    def text(self) -> str:
        """The filters as they stand in an address, for an export of exactly this list."""
        return self.url().partition("?")[2]


def filters_of(request: HttpRequest, *known: Choice) -> Filters:
    chosen = {}
    for choice in known:
        value = request.GET.get(choice.name, "").replace("\x00", "").strip()[:LONGEST]
        if value and (choice.choices is None or value in choice.choices):
            chosen[choice.name] = value
    return Filters(request.path, request.GET, known, chosen)

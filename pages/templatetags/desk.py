"""Template helps of the desk: clauses as law cites them, names of roles and cases."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from casework.acts import registry
from documents.citations import place
from pages.desk.steps import holder_title
from pages.desk.subjects import TITLES, address_by

register = template.Library()


@register.simple_tag
def clause(number: str, kind: str = "") -> SafeString | str:
    """A clause's number with its place in the law; nothing for what is no clause."""
    if number in ("", "state", "permission"):
        return ""
    where = place(number, kind)
    if not where:
        return format_html('<span class="dd-clause">{}</span>', number)
    return format_html('<span class="dd-clause">{} <span class="dd-clause__where">{}</span></span>', where, number)


@register.filter
def holder(role: str) -> str:
    """The name of whoever holds a matter."""
    return holder_title(role)


@register.filter
def case_title(label: str) -> str:
    return TITLES.get(label, label)


@register.simple_tag
def case_url(label: str, pk: int | None) -> str:
    return address_by(label, pk)


@register.filter
def size(octets: int) -> str:
    """A file's size as people read it."""
    if octets < 1024 * 1024:
        return f"{max(1, round(octets / 1024))} KB"
    return f"{octets / 1024 / 1024:.1f} MB"


@register.filter
def share(number: int, most: Any) -> int:
    """A part as whole percents, for a meter; at least one where there is something."""
    return max(1, round(100 * number / int(most))) if number and int(most) else 0


@register.filter
def proposal_title(proposal: Any) -> str:
    """The act that a proposal proposes."""
    act = registry.get(proposal.word)
    return act.title if act is not None else proposal.word

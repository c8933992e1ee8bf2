"""Template helps of the portal and the public pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from documents.citations import place
from pages.portal.uploading import size_of

register = template.Library()


@register.filter
def size(value: int) -> str:
    """A file's size in words."""
    return size_of(value)


@register.filter
def clause(name: str) -> SafeString | str:
    """A clause as people know it (第十二条第（七）项); its id stays beside it for programs. Readings of this project are not law."""
    words = place(name, "pharmacy" if name.startswith("P") else "hospital")
    return format_html('<span class="dd-clause" data-clause="{}">{}</span>', name, words) if words else ""

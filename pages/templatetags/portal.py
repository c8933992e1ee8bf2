"""Template helps of the portal."""

from django import template

from pages.portal.uploading import size_of

register = template.Library()


@register.filter
def size(value: int) -> str:
    """A file's size in words."""
    return size_of(value)

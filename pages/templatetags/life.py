"""Template helps of the life of agreements."""

from datetime import date
from typing import Any

from django import template

register = template.Library()


@register.filter
def day_or_text(value: Any) -> str:
    """A day as lists write it; text as it is."""
    return value.isoformat() if isinstance(value, date) else str(value)

"""What the templates of documents say in Chinese: dates, citations, numbered headings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from deadlines.clock import SHANGHAI
from documents import citations, layout
from documents.catalogue import KIND_TITLES, written_out

register = template.Library()
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
NATURES = {
    "serious_violation": "严重违法违规",
    "violation": "违法违规",
    "fraud_in_applying": "以弄虚作假等不正当手段申请取得定点",
    "serious_breach": "严重违约",
    "none": "不属于违法违规或者严重违约",
}


@register.filter
def day(value: Any) -> str:
    """2026年3月2日: no leading zeros; an empty value stays empty, another text as it is."""
    if not value:
        return ""
    return written_out(str(value)[:10]) if ISO.match(str(value)) else str(value)


@register.filter
def moment(value: Any) -> str:
    """2026年3月2日9时30分 in Asia/Shanghai; a date alone without the hour."""
    text = str(value or "")
    if len(text) <= 10:
        return day(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo is not None:
        at = at.astimezone(SHANGHAI)
    return f"{at.year}年{at.month}月{at.day}日{at.hour}时{f'{at.minute}分' if at.minute else ''}"


_STOPS = str.maketrans(",;:?!", "，；：？！")
_AFTER_CHINESE = re.compile(r"(?<=[\u3400-\u9fff）》”〕])[,;:?!]")
_BRACKETED = re.compile(r"\(([^()]*[\u3400-\u9fff][^()]*)\)")


@register.filter
def plain(value: Any) -> str:
    """What people wrote, as it is printed: ISO dates written out, Chinese stops and brackets in Chinese sentences."""
    text = _BRACKETED.sub(r"（\1）", written_out(value))
    return _AFTER_CHINESE.sub(lambda found: found[0].translate(_STOPS), text)


@register.filter
def sentence(value: Any) -> str:
    """With a full stop at the end, and only one."""
    text = plain(value).strip().rstrip("。；;.")
    return f"{text}。" if text else ""


@register.filter
def steps(value: Any) -> str:
    """The steps of a computed date without the blanks between them, which a printed line would stretch."""
    text = re.sub(r"\s*([+=→])\s*| (-) ", lambda found: {"+": "＋", "=": "＝", None: "－"}.get(found[1], found[1]), str(value or ""))
    return re.sub(r"(?<=[^\x00-\x7f]) (?=\d)|(?<=\d) (?=[^\x00-\x7f])", "", text)


@register.filter
def bare(value: Any) -> str:
    """Without a stop at the end, to go on with."""
    return plain(value).strip().rstrip("。；;.，,")


@register.filter
def chinese(value: int) -> str:
    """Counting as 一、二、三."""
    return citations.chinese(int(value))


@register.filter
def cited(clauses: Any, kind: str = "") -> str:
    """Clause ids as citations of the law of this kind of institution; a text that is no clause id comes back as it is."""
    wanted = [clauses] if isinstance(clauses, str) else list(clauses or [])
    return citations.cite(wanted, kind) or "、".join(each for each in wanted if not re.fullmatch(r"[A-Z]\d[\d.()]*", each))


@register.filter
def place(clause: Any, kind: str = "") -> str:
    """A clause id as a place in the law that was named above; a text that is no clause id comes back as it is."""
    return citations.place(str(clause or ""), kind) or str(clause or "")


@register.filter
def places(clauses: Any, kind_title: str = "") -> str:
    """Clause ids as places in the law named above, for a row of a list that names its kind of institution."""
    kind = next((kind for kind, title in KIND_TITLES.items() if title == kind_title), "")
    wanted = [clauses] if isinstance(clauses, str) else list(clauses or [])
    return "、".join(place(each, kind) for each in wanted)


@register.filter
def nature_title(value: str) -> str:
    """The nature of a termination in words (R5); another text as it is."""
    return NATURES.get(value, value)


@register.filter
def later(value: str, days: int) -> str:
    """A day so many days on, as ISO text: the first day after a period, or the last one before it."""
    return (date.fromisoformat(str(value)[:10]) + timedelta(days=days)).isoformat() if value else ""


@register.filter
def measure(kind: str) -> str:
    """The Measures of this kind of institution, or both."""
    letters = {"hospital": "M", "pharmacy": "P"}.get(kind, "MP")
    return "".join(citations.LAWS[letter] for letter in letters)


@register.filter
def kind_name(kind: str) -> str:
    """医疗机构, 零售药店, or both in one word."""
    return KIND_TITLES.get(kind, KIND_TITLES[""])


@register.simple_tag(takes_context=True)
def heading(context: Context, text: str) -> SafeString:
    """The next heading of the first level: 一、…"""
    return format_html("<h2>{}、{}</h2>", citations.chinese(next(context["headings"])), text)


@register.filter
def balanced(title: str) -> SafeString:
    """A long title on two lines of about the same length, broken between words (GB/T 9704: whole in sense, even in shape)."""
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in layout.title_lines(str(title))))


@register.filter
def named(rows: Iterable[dict[str, Any]], field: str) -> list[Any]:
    """Rows in which a field is filled."""
    return [row for row in rows or [] if row.get(field)]


@register.filter
def days_from(value: str, other: str) -> int:
    """Days from one date to the other, both counted."""
    return (date.fromisoformat(other[:10]) - date.fromisoformat(value[:10])).days + 1


@register.filter
def signed_by(signatures: Iterable[dict[str, Any]], party: str) -> bool:
    """Whether a party's signature is among them."""
    return any(each.get("party") == party for each in signatures or [])

"""An institution's life drawn on one line: terms, suspensions, bans (R4–R6). Plain numbers; the template makes the picture of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from agreements.models import Agreement
from agreements.term import Term
from documents.citations import place
from standing.bans import Ban

ROW, HEAD = 46, 26  # pixels
MOST_YEARS = 12  # looked back and ahead
TICKS = 6


@dataclass(frozen=True)
class Bar:
    """One stretch of days; ``last`` None: no end is known. ``x`` and ``width`` are percent of the picture."""

    lane: str
    title: str
    first: date
    last: date | None
    clause: str = ""
    x: str = "0"
    width: str = "0"


@dataclass(frozen=True)
class Row:
    """Bars at one height that do not touch; the title is written above the first."""

    title: str
    lane: str
    y: int
    bars: list[Bar] = field(default_factory=list)

    @property
    def bar_y(self) -> int:
        return self.y + 20


@dataclass(frozen=True)
class Picture:
    """Rows from top to bottom, years along the axis, and where today is."""

    rows: list[Row]
    years: list[tuple[str, str]]  # percent, year
    today: str
    height: int
    bars: list[Bar]  # in the order of their days, for the table


def bars_of(terms: Iterable[tuple[Agreement, Term]], bans: Iterable[Ban]) -> list[Bar]:
    """What is drawn: each term as far as it was in force, its suspensions, every ban."""
    found = []
    for agreement, term in terms:
        if term.annulled or not term.began():
            continue
        found.append(Bar("term", f"协议 {agreement.number}", term.first_day, term.ended_on, agreement.get_kind_display()))
        found += [Bar("suspension", "中止", span.first_day, span.last_day, span.clause) for span in term.spans if span.state == "suspended"]
    for ban in bans:
        whose = f"（{ban.person}）" if ban.person else ""
        kind = "pharmacy" if ban.clause.startswith("P") else "hospital"
        found.append(Bar("ban", f"不得申请{whose} {place(ban.clause, kind)}", ban.starts_on, ban.until, ban.clause))
    return sorted(found, key=lambda bar: (bar.first, bar.lane, bar.title))


def draw(bars: list[Bar], today: date) -> Picture | None:
    """Lay the bars out; nothing where there are none."""
    if not bars:
        return None
    start = max(min(bar.first for bar in bars), today - timedelta(days=366 * MOST_YEARS))
    end = min(max([bar.last or today for bar in bars] + [today]), today + timedelta(days=366 * MOST_YEARS))
    start, end = min(start, today) - timedelta(days=20), end + timedelta(days=60)

    def percent(day: date) -> float:
        return max(0.0, min(100.0, 100 * (day - start).days / (end - start).days))

    rows: list[Row] = []
    for lane in ("term", "suspension", "ban"):
        for bar in (each for each in bars if each.lane == lane and (each.last is None or each.last >= start)):
            left = percent(bar.first)
            right = 100.0 if bar.last is None else percent(bar.last + timedelta(days=1))
            placed = Bar(lane, bar.title, bar.first, bar.last, bar.clause, f"{left:.2f}", f"{max(right - left, 0.6):.2f}")
            row = next((each for each in rows if each.lane == lane and lane != "ban" and _after(each, bar)), None)
            if row is None:
                title = {"term": "协议", "suspension": "中止", "ban": bar.title}[lane]
                row = Row(title, lane, HEAD + ROW * len(rows))
                rows.append(row)
            row.bars.append(placed)
    return Picture(rows, _years(start, end, percent), f"{percent(today):.2f}", HEAD + ROW * len(rows) + 4, bars)


def _after(row: Row, bar: Bar) -> bool:
    last = row.bars[-1].last
    return last is not None and last < bar.first


def _years(start: date, end: date, percent: Callable[[date], float]) -> list[tuple[str, str]]:
    years = range(start.year + 1, end.year + 1)
    step = max(1, -(-len(years) // TICKS))
    return [(f"{percent(date(year, 1, 1)):.2f}", str(year)) for year in years[::step]]

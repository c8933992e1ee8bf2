"""Clauses in the numbering of an institution's kind."""

from __future__ import annotations

from tests.model.facts import Institution, Life

# Hospital's number → pharmacy's, of the clauses that the answers name.
TWINS = {
    "M9.5": "P8.5", "M9.8": "P8.8", "M12.3": "P11.1", "M12.4": "P11.2", "M12.5": "P11.3", "M12.6": "P11.4", "M12.7": "P11.5",
    "M12.8": "P11.6", "M33": "P31", "M41.1": "P38.1", "M41.3": "P38.3", "M42.1": "P39.1", "M42.2": "P39.2", "M42.4": "P39.3",
    "M42.5": "P39.4", "M42.6": "P39.5", "M10.4": "P9.4", "M40.1": "P37.1", "M44.1": "P41", "M45": "I5",
}  # fmt: skip


def own(clause: str, house: Institution) -> str:
    """The clause in the numbering of the institution's kind."""
    return clause if house.kind == "hospital" else TWINS.get(clause, clause)


def ground(number: int, house: Institution) -> str:
    return f"M43({number})" if house.kind == "hospital" else f"P40({number})"


def ended_by(life: Life, house: Institution) -> str | None:
    """The clause that ended it; None where several grounds leave open which one is named."""
    how = life.end()[1]
    if how == "terminated":
        return ground(life.ending.grounds[0], house) if len(life.ending.grounds) == 1 else None
    return own({"term": "M41.3", "suspended": "M42.2", "lapse": "M42.5"}[how], house)

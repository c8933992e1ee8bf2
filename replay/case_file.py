"""A whole case file: read, checked word by word, ready to be played. Every complaint names step and field."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from deadlines import clock
from institutions.madeup import FROM, TO
from offices.models import DISTRICT_ROLES, Role
from offices.seeding import DISTRICTS
from replay import fields, words, yaml_text
from replay.case import As, Case, Scene, Step
from replay.expectations import check_shape
from replay.fields import About
from replay.scene_file import read_scene
from replay.unusable import Unusable

TOP = ("case", "sweep", "people", "chains", "institutions", "steps")
COMMON = ("on", "do", "ask", "who", "id")
OF_STEPS = (*COMMON, "as", "reviewer", "refused")
OF_QUESTIONS = (*COMMON, "with", "expect")
MOST_STEPS = 1000
ACTING = (
    Role.CITY_BUREAU, Role.CITY_AGENCY, Role.DISTRICT_BUREAU, Role.DISTRICT_AGENCY, Role.THIRD_PARTY, Role.INSTITUTION, Role.PUBLIC,
    Role.AUDITOR, Role.ADMINISTRATOR,
)  # fmt: skip


def read_case(path: Path) -> Case:
    """The case in a file. Raises Unusable."""
    return case_of(yaml_text.read(path), path.stem)


def case_of(document: Any, title: str) -> Case:
    """The case in a document that was read already."""
    if not isinstance(document, dict):
        raise Unusable("文件应为一组字段(case、institutions、steps…)。")
    for name in document:
        if name not in TOP:
            raise Unusable("没有这个字段。", name)
    sweep = document.get("sweep", True)
    if not isinstance(sweep, bool):
        raise Unusable("应为true或false。", "sweep")
    named = document.get("case", title)
    if not isinstance(named, str) or not named.strip():
        raise Unusable("应为文字。", "case")
    scene = read_scene(document)
    return Case(named, sweep, scene, _steps(document.get("steps"), scene))


def _steps(rows: Any, scene: Scene) -> tuple[Step, ...]:
    if not isinstance(rows, list) or not rows or len(rows) > MOST_STEPS:
        raise Unusable(f"应为步骤的列表,1至{MOST_STEPS}步。", "steps")
    about = About(frozenset(scene.people), frozenset(scene.chains), {name: data["kind"] for name, data in scene.institutions.items()})
    found: list[Step] = []
    for n, row in enumerate(rows, 1):
        try:
            step = _step(n, row, found[-1] if found else None, about)
        except Unusable as error:
            raise error.inside(f"第{n}步{_word(row)}") from None
        if step.id:
            about = dataclasses.replace(about, step_ids=about.step_ids | {step.id})
        found.append(step)
    return tuple(found)


def _word(row: Any) -> str:
    word = (row.get("do") or row.get("ask")) if isinstance(row, dict) else None
    return f"({word})" if isinstance(word, str) else ""


def _step(n: int, row: Any, before: Step | None, about: About) -> Step:
    if not isinstance(row, dict):
        raise Unusable("步骤应为一组字段。")
    if ("do" in row) == ("ask" in row):
        raise Unusable("应有do或ask之一。", "do")
    asks = "ask" in row
    at = _moment(row, before)
    word = _known_word(row, asks)
    about = dataclasses.replace(about, who=_who(row, word, asks, about))
    common = {"n": n, "at": at, "word": word, "asks": asks, "who": about.who, "id": _id(row, about)}
    return _question(row, word, about, common) if asks else _act(row, word, about, common)


def _moment(row: dict[str, Any], before: Step | None) -> datetime:
    """Days never go back; steps of one day follow one another from 09:00 unless timed."""
    try:
        day, time = fields.moment(row.get("on"), About())
        if not FROM <= day <= date(TO.year, 1, 1):
            raise Unusable(f"日期应在{FROM}至{TO.year}-01-01之间。")
        if before is not None and day < before.on:
            raise Unusable(f"日期{day}早于上一步的{before.on}。")
        at = clock.at(day, time.hour, time.minute) + timedelta(seconds=time.second) if time else clock.at(day, 9)
        if before is None or before.on < day:
            return at
        if time and at < before.at.replace(second=0):
            raise Unusable(f"时间早于上一步的{before.at:%H:%M}。")
        end_of_day = clock.at(day, 23, 59) + timedelta(seconds=59)
        return min(max(at, before.at + timedelta(seconds=1)), end_of_day)
    except Unusable as error:
        raise error.inside("on") from None


def _known_word(row: dict[str, Any], asks: bool) -> str:
    field, known = ("ask", words.questions) if asks else ("do", words.steps)
    word = row[field]
    if not asks and isinstance(word, str) and word in words.LATER_STEPS:
        raise Unusable(f"not yet:尚不支持“{word}”。", field)
    if not isinstance(word, str) or word not in known:
        raise Unusable(f"没有“{word}”这个{'问题' if asks else '步骤'}。", field)
    return word


def _who(row: dict[str, Any], word: str, asks: bool, about: About) -> str | None:
    needed = asks or words.steps[word].who
    if row.get("who") is None:
        if needed:
            raise Unusable("应写明机构。", "who")
        return None
    try:
        return fields.institution(row["who"], about)
    except Unusable as error:
        raise error.inside("who") from None


def _id(row: dict[str, Any], about: About) -> str:
    given = row.get("id")
    if given is None:
        return ""
    if not isinstance(given, str) or given in about.step_ids:
        raise Unusable("应为文字,且不与此前步骤相同。", "id")
    return given


def _act(row: dict[str, Any], word: str, about: About, common: Mapping[str, Any]) -> Step:
    kind = words.steps[word]
    own = {name: value for name, value in row.items() if name not in OF_STEPS and value is not None}
    given = fields.read_record(own, kind.fields, about, kind.required)
    refused = None
    if row.get("refused") is not None:
        try:
            refused = tuple(fields.one_or_more(fields.clause)(row["refused"], about))
        except Unusable as error:
            raise error.inside("refused") from None
    if row.get("reviewer") not in (None, "same"):
        raise Unusable("只能为same。", "reviewer")
    return Step(**common, acting=_as(row.get("as"), about), same_reviewer=row.get("reviewer") == "same", refused=refused, given=given)


def _as(value: Any, about: About) -> As | None:
    if value is None:
        return None
    role, _, place = value.partition(":") if isinstance(value, str) else ("", "", "")
    if role not in ACTING:
        raise Unusable(f"没有“{value}”这个角色。", "as")
    if role == Role.INSTITUTION:
        if (place or about.who) not in about.institutions:
            raise Unusable(f"institutions中没有“{place}”。", "as")
        return As(role, place or about.who)
    if role in DISTRICT_ROLES:
        if not place and about.who is None:
            raise Unusable("应写明区,如district_agency:110106。", "as")
        return As(role, _district(place) if place else None)
    if place:
        raise Unusable(f"{role}不分区。", "as")
    return As(role)


def _district(place: str) -> str:
    if place not in {code for code, _, _ in DISTRICTS}:
        raise Unusable(f"没有“{place}”这个区。", "as")
    return place


def _question(row: dict[str, Any], word: str, about: About, common: Mapping[str, Any]) -> Step:
    kind = words.questions[word]
    for name in row:
        if name not in OF_QUESTIONS:
            raise Unusable("没有这个字段。", name)
    try:
        given = fields.read_record(row.get("with") or {}, kind.options, about, kind.required)
    except Unusable as error:
        raise error.inside("with") from None
    expects = "expect" in row
    if expects:
        try:
            check_shape(row["expect"], kind)
        except Unusable as error:
            raise error.inside("expect") from None
    return Step(**common, given=given, expects=expects, expect=row.get("expect"))

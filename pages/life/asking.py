"""May this service be settled? One question about one institution, asked on a page (R8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms

from casework.inputs import EARLIEST, LATEST
from deadlines import clock
from institutions.models import Institution
from settlement.answer import Answer, Line, Query, settle
from settlement.keeping import derived_line
from settlement.reading import answer, column_of

WORDS = {"settle": "可以结算", "hold": "暂停结算", "refuse": "不予结算", "by_hand": "手工报销"}
LOOKS = {"settle": ("good", "check-circle-fill"), "hold": ("wait", "pause-circle-fill"), "by_hand": ("wait", "person-lines-fill")}
WRONG_DAY = {"invalid": "请按 2026-03-02 的格式填写日期。"}


def _day(label: str, help_text: str = "", required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget, error_messages=WRONG_DAY)


class QuestionForm(forms.Form):
    """The service, and as it was known when."""

    service_on = _day("医疗服务发生日", required=True)
    admitted_on = _day("入院日", "住院的填写。")
    department = forms.CharField(label="科室", required=False, max_length=100)
    person = forms.CharField(label="医务人员", required=False, max_length=100, help_text="姓名。")
    person_code = forms.CharField(label="人员医保编码", required=False, max_length=20, help_text="有编码的按编码核对，没有的按姓名。")
    emergency = forms.BooleanField(label="急诊、抢救", required=False)
    known_on = _day("按哪一天已知的情况", "不填的，按现在已知的情况；填了的，按那一天终了时的记录回答。")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("service_on", "admitted_on", "known_on"):
            if data.get(name) and not EARLIEST <= data[name] <= LATEST:
                self.add_error(name, f"日期应在{EARLIEST.year}年至{LATEST.year}年之间。")
        if data.get("admitted_on") and data.get("service_on") and data["admitted_on"] > data["service_on"]:
            self.add_error("admitted_on", "入院日不能晚于医疗服务发生日。")
        return data


class CodeForm(QuestionForm):
    """The same about any institution, by code."""

    code = forms.CharField(label="机构编码", max_length=30, help_text="国家医保编码、原北京编码或统一社会信用代码。")
    field_order = ("code",)


@dataclass(frozen=True)
class Answered:
    """An answer as pages show it."""

    answer: Answer
    query: Query
    known_on: Any = None

    @property
    def word(self) -> str:
        return WORDS[self.answer.answer]

    @property
    def look(self) -> str:
        return LOOKS.get(self.answer.answer, ("bad", ""))[0]

    @property
    def icon(self) -> str:
        return LOOKS.get(self.answer.answer, ("", "x-octagon-fill"))[1]


def institution_with(code: str, rows: Any) -> Institution | None:
    """The institution with a code among those that may be asked about."""
    code = code.strip().upper()
    found: Institution | None = rows.filter(**{column_of(code): code}).order_by("pk").first()
    return found


def ask(institution: Institution, data: dict[str, Any]) -> Answered:
    """The answer to what a form was filled in with."""
    known = data.get("known_on")
    moment = datetime.combine(known, time.max, tzinfo=clock.SHANGHAI) if known else None
    part = {name: data.get(name, "") for name in ("department", "person")} | {"person_code": data.get("person_code", "").upper()}
    query = Query(data["service_on"], data.get("admitted_on"), **part, emergency=bool(data.get("emergency")))
    return Answered(answer(institution, query, moment), query, known)


def of_today(institution: Institution) -> Answered:
    """What is settled today, in one sentence."""
    return of_line(derived_line(institution))


def of_line(line: Line) -> Answered:
    """The same where the institution's line is at hand."""
    query = Query(clock.today())
    return Answered(settle(line, query), query)

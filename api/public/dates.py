"""Working days, and dates as the law counts them (R1, R2, R4, R13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Open
from api.public.shared import TAG, asked_in
from deadlines.forms import CalculatorForm
from deadlines.loading import working_calendar
from deadlines.questions import QUESTIONS

MOST_DAYS = 400


class CalendarIn(forms.Form):
    first = forms.DateField(label="第一日。")
    last = forms.DateField(label="最后一日；不填为第一日。", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last") or data.get("first")
        if first and not 2000 <= first.year <= 2099:
            self.add_error("first", "只能查询2000年至2099年之间的日期。")
        elif first and last and not first <= last <= first + timedelta(days=MOST_DAYS):
            self.add_error("last", f"不能早于第一日，一次最多查询{MOST_DAYS}天。")
        return {**data, "last": last}


class CalendarDayOut(serializers.Serializer[Any]):
    day = serializers.DateField()
    working = serializers.BooleanField(help_text="是否工作日。")
    provisional = serializers.BooleanField(help_text="该年度放假安排尚未公布，暂定。")


class CalendarOut(serializers.Serializer[Any]):
    """Working days as the product counts them (R1)."""

    days = CalendarDayOut(many=True)


class Calendar(Open):
    tag, title = TAG, "工作日"
    clauses = ("R1",)
    query, answer = CalendarIn, CalendarOut

    def get(self, request: Request) -> Response:
        asked = asked_in(CalendarIn, request)
        calendar, first = working_calendar(), asked["first"]
        days = [first + timedelta(days=n) for n in range((asked["last"] - first).days + 1)]
        rows = [{"day": day, "working": calendar.is_working(day), "provisional": calendar.is_provisional(day)} for day in days]
        return Response(CalendarOut({"days": rows}).data)


class CalculatedOut(serializers.Serializer[Any]):
    """A date that explains itself."""

    what = serializers.CharField(help_text="算的是什么。")
    said = serializers.CharField(help_text="得出的是什么日子。")
    day = serializers.DateField(help_text="得出的日子。")
    clause = serializers.CharField(help_text="依据。")
    steps = serializers.ListField(child=serializers.CharField(), help_text="计算过程。")
    provisional = serializers.BooleanField(help_text="该年度放假安排尚未公布，暂定。")
    explanation = serializers.CharField(help_text="计算过程的一句话。")


class Calculator(Open):
    tag, title = TAG, "日期计算"
    clauses = ("R1", "R2", "R4", "R13")
    query, answer = CalculatorForm, CalculatedOut

    def get(self, request: Request) -> Response:
        asked = asked_in(CalculatorForm, request)
        question = QUESTIONS[asked["what"]]
        found = question.answer(asked["start"], asked["n"] or question.usual, working_calendar())
        body = {"what": question.title, "said": question.said, "day": found.day, "clause": found.clause, "steps": found.steps}
        return Response(CalculatedOut({**body, "provisional": found.provisional, "explanation": found.explanation}).data)

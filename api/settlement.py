"""May this be settled? One service by code, or up to 5,000 at once (R8, M33, P31)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import View
from api.given import body_of
from api.problems import Unusable
from api.settlement_access import CountedThrottle, MayAsk
from deadlines import clock
from institutions.models import Institution
from settlement.answer import Answer, Query, settle
from settlement.reading import answer, answer_many, column_of, lines_of

TAG = "结算"
CLAUSES = ("R8", "M33", "M42.1", "M45", "I17", "I20")
MOST_ROWS, MOST_TOLD = 5000, 20
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
DAYS = f"应为{FIRST.year}年至{LAST.year}年之间的日期，例如 2026-03-02。"
TEXTS = ("department", "person", "person_code")
MEMBERS = frozenset({"code", "service_on", "admitted_on", "emergency", *TEXTS})


class AnswerOut(serializers.Serializer[Any]):
    """The answer for one service."""

    code = serializers.CharField(help_text="所问的编码。")
    answer = serializers.ChoiceField(
        choices=["settle", "hold", "refuse", "by_hand"],
        allow_null=True,
        help_text="settle 可以结算;hold 暂停拨付;refuse 不予结算;by_hand 手工报销;批量中没有找到的编码为 null。",
    )
    clause = serializers.CharField(allow_blank=True, help_text="依据，按机构类别编号。")
    sentence = serializers.CharField(help_text="说明。")


class Asking(forms.Form):
    """One service."""

    service_on = forms.DateField(label="服务发生之日；不填为当日。", required=False)
    admitted_on = forms.DateField(label="住院的，入院之日。", required=False)
    department = forms.CharField(label="科室。", required=False, max_length=100)
    person = forms.CharField(label="医师、药师等人员的姓名。", required=False, max_length=100)
    person_code = forms.CharField(label="人员医保编码；双方都有编码的按编码核对，否则按姓名。", required=False, max_length=100)
    emergency = forms.BooleanField(label="是否急诊、抢救。", required=False)
    known_at = forms.DateTimeField(label="按某一时刻已登记的事实回答，例如 2026-03-02T09:00:00；不填为当前。", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["service_on"] = data.get("service_on") or clock.today()
        for name in ("service_on", "admitted_on"):
            if data.get(name) and not FIRST <= data[name] <= LAST:
                self.add_error(name, DAYS)
        moment = data.get("known_at")
        if moment and not FIRST.year <= moment.year <= LAST.year:
            self.add_error("known_at", DAYS)
        elif data.get("admitted_on") and data["admitted_on"] > data["service_on"]:
            self.add_error("admitted_on", "入院之日不能晚于服务发生之日。")
        return data


class SettlementAnswer(View):
    """One answer in one query."""

    tag, title, clauses = TAG, "询问一项服务可否结算", CLAUSES
    description = "编码可用国家医保编码、原北京编码或统一社会信用代码。没有找到的编码和其他区的机构一样，回答404。"
    permission_classes = [IsAuthenticated, MayAsk]
    throttle_classes = [CountedThrottle]
    rate = "settlement"
    query, answer = Asking, AnswerOut

    def get(self, request: Request, code: str) -> Response:
        form = Asking(request.query_params)
        if not form.is_valid():
            raise Unusable({name: [str(each) for each in found] for name, found in form.errors.items()})
        asked = form.cleaned_data
        about = (asked["department"], asked["person"], asked["emergency"], asked["person_code"])
        given = Query(asked["service_on"], asked["admitted_on"], *about)
        if "\x00" in code:
            raise NotFound
        if asked["known_at"] is None:
            found = lines_of([code], Institution.objects.visible_to(self.actor)).get(code)
            if found is None:
                raise NotFound
            return Response(told(code, settle(found.line, given)))
        institution = Institution.objects.visible_to(self.actor).filter(**{column_of(code): code}).first()
        if institution is None:
            raise NotFound
        return Response(told(code, answer(institution, given, asked["known_at"])))


class RowIn(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40, help_text="编码。")
    service_on = serializers.DateField(help_text="服务发生之日。")
    admitted_on = serializers.DateField(required=False, allow_null=True, help_text="住院的，入院之日。")
    department = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=100, help_text="科室。")
    person = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=100, help_text="人员的姓名。")
    person_code = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=100, help_text="人员医保编码；双方都有编码的按编码核对，否则按姓名。"
    )
    emergency = serializers.BooleanField(required=False, help_text="是否急诊、抢救。")


class RowsIn(serializers.Serializer[Any]):
    """Up to 5,000 services."""

    known_at = serializers.DateTimeField(required=False, allow_null=True, help_text="按某一时刻已登记的事实回答，不填为当前。")
    rows = RowIn(many=True, help_text=f"1至{MOST_ROWS}项。", min_length=1, max_length=MOST_ROWS)  # type: ignore[call-arg]  # handed on to the list


class AnswersOut(serializers.Serializer[Any]):
    """The answers, in the order asked."""

    answers = AnswerOut(many=True, help_text="与所问各项同序。")


class SettlementAnswers(View):
    """Many answers in a constant number of queries: one per form of code."""

    tag, title, clauses = TAG, "询问多项服务可否结算", CLAUSES
    description = f"一次最多{MOST_ROWS}项，按所问的次序回答；没有找到的编码，该项的 answer 为 null，其余照答。"
    permission_classes = [IsAuthenticated, MayAsk]
    throttle_classes = [CountedThrottle]
    rate = "settlement_batch"
    body, answer = RowsIn, AnswersOut

    def post(self, request: Request) -> Response:
        body = body_of(request)
        asked = rows_of(body)
        found = answer_many(asked, Institution.objects.visible_to(self.actor), _moment(body))
        return Response({"answers": [told(code, each) for (code, _), each in zip(asked, found, strict=True)]})


def told(code: str, given: Answer | None) -> dict[str, Any]:
    """An answer as JSON."""
    if given is None:
        return {"code": code, "answer": None, "clause": "", "sentence": "没有找到该编码，或您所在机构无权查看。"}
    return {"code": code, "answer": given.answer, "clause": given.clause, "sentence": given.sentence}


def rows_of(body: Mapping[str, Any]) -> list[tuple[str, Query]]:
    """The services asked about. Raises Unusable with what is wrong, row by row."""
    errors: dict[str, list[str]] = {name: ["没有这一项。"] for name in body if name not in ("rows", "known_at")}
    rows = body.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
        errors["rows"] = [f"应为1至{MOST_ROWS}项的列表。"]
    if errors:
        raise Unusable(errors)
    assert isinstance(rows, list)
    found = []
    for number, row in enumerate(rows):
        wrong: dict[str, str] = {}
        read = _row(row, wrong)
        errors |= {f"rows.{number}.{name}" if name else f"rows.{number}": [said] for name, said in wrong.items()}
        if len(errors) >= MOST_TOLD:
            break
        if read is not None:
            found.append(read)
    if errors:
        raise Unusable(errors)
    return found


def _moment(body: Mapping[str, Any]) -> datetime | None:
    """As of when all of them are asked. Raises Unusable."""
    given = body.get("known_at")
    if given is None:
        return None
    form = Asking({"known_at": given} if isinstance(given, str) else {"known_at": "?"})
    if not form.is_valid():
        raise Unusable({"known_at": [str(each) for each in form.errors["known_at"]]})
    moment: datetime = form.cleaned_data["known_at"]
    return moment


def _row(row: Any, wrong: dict[str, str]) -> tuple[str, Query] | None:
    """One service; what is wrong with it goes into ``wrong``."""
    if not isinstance(row, dict):
        wrong[""] = "应为一个对象。"
        return None
    if not row.keys() <= MEMBERS:
        wrong |= {name: "没有这一项。" for name in row if name not in MEMBERS}
    code = row.get("code")
    if not isinstance(code, str) or not 1 <= len(code) <= 40:
        wrong["code"] = "应为1至40个字符的编码。"
    service, admitted = _day(row, "service_on", wrong), _day(row, "admitted_on", wrong)
    if service is None:
        wrong.setdefault("service_on", DAYS)
    elif admitted is not None and admitted > service:
        wrong["admitted_on"] = "入院之日不能晚于服务发生之日。"
    texts = []
    for name in TEXTS:
        value = row.get(name) or ""
        if not isinstance(value, str) or len(value) > 100:
            wrong[name] = "应为最多100个字符的文字。"
        texts.append(value)
    emergency = row.get("emergency", False)
    if not isinstance(emergency, bool):
        wrong["emergency"] = "应为 true 或 false。"
    if wrong or service is None:
        return None
    return str(code), Query(service, admitted, texts[0], texts[1], emergency, texts[2])


def _day(row: Mapping[str, Any], name: str, wrong: dict[str, str]) -> date | None:
    text = row.get(name)
    if text is None:
        return None
    # fromisoformat also reads weeks and days without dashes, which nobody means here.
    if isinstance(text, str) and len(text) == 10 and text[4] == text[7] == "-":
        try:
            day = date.fromisoformat(text)
        except ValueError:
            pass
        else:
            if FIRST <= day <= LAST:
                return day
    wrong[name] = DAYS
    return None

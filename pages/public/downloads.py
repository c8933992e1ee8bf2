"""The public lists as files: exactly the list on the page, whole, sent as it is read."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from agreements import public
from deadlines import clock
from deadlines.loading import working_calendar
from pages import spreadsheets
from pages.public.institutions import grounds_of
from pages.public.searching import search_of
from settlement.states import spans_of

FORMS = {"csv": spreadsheets.csv_response, "xlsx": spreadsheets.xlsx_response}
BATCH = 2000


def designated(request: HttpRequest, form: str) -> HttpResponseBase:
    today, search = clock.today(), search_of(request)

    def rows() -> Iterator[list[Any]]:
        for batch in batches(search.narrow(public.designated(today)).select_related("district")):
            agreements = public.agreements_of(batch, today)
            suspended = spans_of(agreements.values(), today)
            for each in batch:
                agreement = agreements.get(each.pk)
                if agreement is None:  # it ended between two readings: midnight, or a decision just made
                    continue
                state = "中止中" if agreement.pk in suspended else "履行中"
                named = [each.name, each.get_kind_display(), each.get_category_display(), each.district, each.address, each.national_code]
                yield [*named, agreement.number, agreement.first_day, agreement.ended_on, state]

    head = ["名称", "机构类别", "类别", "所在区", "地址", "国家医保编码", "协议编号", "协议起始日", "协议最后一日", "状态"]
    return _form(form)(f"定点医药机构名单-{today}", head, rows())


def to_be_signed(request: HttpRequest, form: str) -> HttpResponseBase:
    today, search, calendar = clock.today(), search_of(request), working_calendar()
    entries = public.notice_entries().filter(notice__opened_on__lte=today)
    if search.narrowed:
        entries = entries.filter(application__institution__in=search.matching())

    def rows() -> Iterator[list[Any]]:
        for batch in batches(entries):
            for entry in batch:
                shown = public.shown(entry, today, calendar)
                each = shown.institution
                state = "公示中" if shown.open else "公示期满"
                yield [each.name, each.get_kind_display(), each.district, each.address, shown.opened_on, shown.last_day, state]

    head = ["名称", "机构类别", "所在区", "地址", "公示开始", "公示截止", "状态"]
    return _form(form)(f"拟签订医保协议医药机构名单-{today}", head, rows())


def terminated(request: HttpRequest, form: str) -> HttpResponseBase:
    today, search = clock.today(), search_of(request)
    facts = public.terminations(today)
    if search.narrowed:
        facts = facts.filter(institution__in=search.matching())

    def rows() -> Iterator[list[Any]]:
        for batch in batches(facts):
            for fact in batch:
                each = fact.institution
                assert each is not None
                yield [each.name, each.get_kind_display(), each.district, each.address, grounds_of(fact), fact.effective_on]

    head = ["名称", "机构类别", "所在区", "地址", "情形", "解除生效日"]
    return _form(form)(f"解除医保协议医药机构名单-{today}", head, rows())


def batches(rows: QuerySet[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Reads a list piece by piece by its key: no long transaction, no count, no offset."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk


def _form(form: str) -> Any:
    if form not in FORMS:
        raise Http404
    return FORMS[form]

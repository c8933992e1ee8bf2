"""Issuing: frozen data, digest, what the database lets nobody change."""

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import InternalError

from deadlines import clock
from deadlines.periods import Computed
from documents import issuing
from documents.catalogue import IncompletePaper
from documents.issuing import issue
from documents.models import Document
from offices.models import Setting
from offices.settings import KNOWN
from tests.documents.samples import AGENCY, an_office, sample, the_agency

DAY = date(2026, 3, 2)

pytestmark = pytest.mark.django_db


def acceptance(**changes: object) -> Document:
    issuer = changes.pop("issuer", None) or the_agency()
    return issue(2, issuer=issuer, institutions=[7], on=DAY, data=sample(2) | changes, recipient="某医院")


@pytest.mark.clause("M8.1")
def test_a_form_is_numbered_with_padding_and_a_red_headed_paper_without() -> None:
    assert acceptance().number == "朝医保定受〔2026〕第0001号"
    red = issue(18, issuer=the_agency(), institutions=[7], on=DAY, data=sample(18))
    assert red.number == "朝医保公告〔2026〕1号"


def test_each_kind_each_issuer_and_each_year_counts_for_itself() -> None:
    numbers = [
        acceptance().number,
        acceptance().number,
        acceptance(issuer=an_office("海医保")).number,
        issue(2, issuer=the_agency(), institutions=[7], on=date(2027, 1, 4), data=sample(2)).number,
    ]
    assert numbers == [
        "朝医保定受〔2026〕第0001号",
        "朝医保定受〔2026〕第0002号",
        "海医保定受〔2026〕第0001号",
        "朝医保定受〔2027〕第0001号",
    ]


def test_a_rolled_back_act_gives_its_number_back() -> None:
    acceptance()
    with transaction.atomic():
        acceptance()
        transaction.set_rollback(True)
    assert acceptance().serial == 2


def test_a_void_number_keeps_its_row_and_reason_and_is_not_given_again() -> None:
    first = acceptance()
    issuing.void(first, "机构名称有误")
    assert acceptance().serial == 2
    first.refresh_from_db()
    assert first.void_reason == "机构名称有误"
    with pytest.raises(InternalError), transaction.atomic():
        Document.objects.filter(pk=first.pk).update(voided_at=None, void_reason="")


@pytest.mark.parametrize("change", [{"number": "x"}, {"data": {}}, {"title": "x"}, {"issued_on": date(2020, 1, 1)}, {"digest": "0" * 64}])
def test_nothing_issued_can_be_changed_or_deleted(change: dict[str, object]) -> None:
    document = acceptance()
    with pytest.raises(InternalError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        Document.objects.filter(pk=document.pk)._raw_delete("default")


def test_the_digest_is_of_number_data_and_template() -> None:
    document = acceptance()
    document.refresh_from_db()
    assert issuing.intact(document)
    document.data["accepted_on"] = "2026-03-03"
    assert not issuing.intact(document)


def test_a_computed_date_is_frozen_with_its_steps() -> None:
    computed = Computed(date(2026, 6, 2), "M9.2", ("受理 2026-03-02 + 3个月 = 2026-06-02",), True)
    document = acceptance(dates=[("评估最后一日", computed)])
    document.refresh_from_db()
    [stored] = document.data["dates"]
    assert stored["day"] == "2026-06-02"
    assert stored["explanation"] == "受理 2026-03-02 + 3个月 = 2026-06-02"
    assert stored["provisional"] is True


@pytest.mark.clause("R11")
def test_later_settings_and_names_do_not_reach_a_paper_that_has_gone_out() -> None:
    document = acceptance()
    Setting.objects.create(key="lawsuit_body", value="另一法院", from_on=DAY, reason="试验")
    document.issuer.name = "新名称"
    document.issuer.save()
    document.refresh_from_db()
    assert document.data["paper"]["bodies"]["lawsuit"] == KNOWN["lawsuit_body"].default
    assert document.data["paper"]["issuer"]["name"] == AGENCY


@pytest.mark.parametrize("field", ["accepted_on", "dates", "case", "institution"])
def test_a_missing_field_is_a_mistake_of_the_program(field: str) -> None:
    with pytest.raises(IncompletePaper, match=field):
        acceptance(**{field: None})


def test_the_moment_is_the_legal_clocks() -> None:
    with clock.frozen(clock.at(DAY, 16, 30)):
        document = acceptance()
    document.refresh_from_db()
    assert document.issued_at == clock.at(DAY, 16, 30)
    assert document.issued_on == DAY

"""One paper for several rows: what is corrected for one of them leaves the paper standing for the others (issue 2, road 6)."""

from collections.abc import Iterable

import pytest
from django.test import Client

from casework import door
from casework.models import ActRecord
from casework.preview import preview
from documents import sharing, verification
from documents.models import Document
from documents.rendering import render_html
from offices.actors import Actor
from offices.models import User
from tests.conftest import MODEL_BACKEND
from tests.driving import Driver, on
from tests.factories import HospitalFactory

pytestmark = pytest.mark.django_db


def together(word: str, drivers: Iterable[Driver], case: str = "application") -> list[ActRecord]:
    """One call for several rows, by the first one's city agency."""
    drivers = list(drivers)
    first = drivers[0]
    results = door.perform_many(word, [getattr(each, case) for each in drivers], actor=first.city, reviewer=first.city_reviewer)
    assert [result.error for result in results] == [None] * len(drivers)
    return [result.outcome.record for result in results if result.outcome]


def three(day: str = "2026-03-02") -> list[Driver]:
    """Three hospitals of one district that passed, with one city agency."""
    drivers: list[Driver] = []
    with on(day):
        for number in range(3):
            drivers.append(Driver(HospitalFactory(district="110105", name=f"示例{'甲乙丙'[number]}医院")))
            drivers[-1].city, drivers[-1].city_reviewer = drivers[0].city, drivers[0].city_reviewer
            drivers[-1].__dict__.pop("offices", None)
            drivers[-1].apply()
            drivers[-1].do("accept")
            drivers[-1].form_team()
            drivers[-1].record_result()
    return drivers


def noticed() -> tuple[list[Driver], list[ActRecord]]:
    """The three in one public notice since 2026-03-03, and the record of each row."""
    drivers = three()
    with on("2026-03-03"):
        for each in drivers:
            each.do("file_result")
        return drivers, together("open_notice", drivers)


def void(drivers: list[Driver], record: ActRecord) -> list[Document]:
    data = {"reason": "名单有误"}
    return door.perform("void", record, actor=drivers[0].city, reviewer=drivers[0].city_reviewer, data=data).documents


def listed(document: Document) -> list[str]:
    return [row["name"] for row in document.data["institutions"]]


@pytest.mark.clause("M9.5", "M29", "R12")
@pytest.mark.parametrize("taken", [0, 1, 2])
def test_the_public_notice_stands_for_the_rows_that_stay_whichever_is_taken_out(taken: int) -> None:
    drivers, records = noticed()
    paper = Document.objects.get(catalogue=13)
    with on("2026-03-04"):
        (correcting,) = void(drivers, records[taken])
    gone = drivers[taken]
    paper.refresh_from_db()
    assert paper.voided_at is None
    assert (correcting.catalogue, correcting.supersedes, listed(correcting)) == (13, paper, [gone.institution.name])
    assert (correcting.takes_out, correcting.withdraws) == (True, False)
    assert list(correcting.subjects.values_list("institution_id", flat=True)) == [gone.institution.pk]
    stay = [each for each in drivers if each is not gone]
    assert [each.application.state for each in stay] == ["public_notice", "public_notice"]
    assert gone.application.state == "passed"
    # Found from every row: the notice itself, and what corrects it.
    for each in drivers:
        found = Document.objects.filter(sharing.of_case("application", each.application.pk, each.institution.pk), catalogue=13)
        assert set(found) == {paper, correcting}, each.institution.name
    text = render_html(correcting)
    assert all(words in text for words in (paper.number, gone.institution.name, "名单有误", "其他单位，原文书继续有效"))
    assert not any(each.institution.name in text for each in stay)


@pytest.mark.clause("M9.5", "M29")
def test_the_paper_is_void_when_its_last_row_is_taken_out() -> None:
    drivers, records = noticed()
    with on("2026-03-03"):
        paper = Document.objects.get(catalogue=13)
        for record in records[1:]:
            (correcting,) = void(drivers, record)
            assert correcting.takes_out
        paper.refresh_from_db()
        assert paper.voided_at is None
        (last,) = void(drivers, records[0])
    paper.refresh_from_db()
    assert (paper.voided_at is not None, last.withdraws, listed(last)) == (True, True, [drivers[0].institution.name])


@pytest.mark.clause("M9.4", "M29")
def test_a_result_filed_again_after_a_correction_is_on_its_own_list_only() -> None:
    drivers = three()
    with on("2026-03-03"):
        records = together("file_result", drivers)
        void(drivers, records[1])
        again = together("file_result", [drivers[1]])
        first, _, second = Document.objects.filter(catalogue=10).order_by("pk")
        (correcting,) = void(drivers, again[0])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (correcting.supersedes, correcting.withdraws) == (second, True)
    assert (first.voided_at, second.voided_at is not None) == (None, True)


@pytest.mark.clause("M10.2", "M11", "M29", "I4")
def test_a_filing_list_and_an_announcement_are_corrected_for_one_row() -> None:
    drivers = three()
    with on("2026-03-03"):
        for each in drivers:
            each.open_notice()
    with on("2026-03-16"):
        for each in drivers:
            each.sign()
        records = together("file_agreement", drivers, "agreement")
    with on("2026-03-17"):
        shown = preview("void", records[1], actor=drivers[0].city, data={"reason": "名单有误"})
        assert [number for number, *_ in shown.papers] == [17, 18]
        assert [title for title, *_ in shown.withdrawn] == [Document.objects.filter(catalogue=45)[1].title], "its plate alone is withdrawn"
        documents = void(drivers, records[1])
    assert sorted(each.catalogue for each in documents) == [17, 18, 45]
    for number in (17, 18):
        paper, correcting = Document.objects.filter(catalogue=number).order_by("pk")
        assert (paper.voided_at, correcting.supersedes, listed(correcting)) == (None, paper, [drivers[1].institution.name])
        assert drivers[1].agreement.number in render_html(correcting)
    assert Document.objects.filter(catalogue=45, voided_at__isnull=True, supersedes=None).count() == 2
    assert [each.agreement.filed_on is None for each in drivers] == [False, True, False]


@pytest.mark.clause("M34", "M29")
def test_whoever_checks_the_paper_reads_that_it_stands_and_what_took_a_row_off() -> None:
    drivers, records = noticed()
    with on("2026-03-03"):
        (correcting,) = void(drivers, records[1])
        paper = Document.objects.get(catalogue=13, supersedes=None)
        answer = verification.find(paper.code)
        assert answer is not None
        assert (answer.standing, answer.replaced_by, answer.corrected_by) == ("valid", "", correcting.number)
        assert correcting.number in Client().get(f"/verify/{paper.code}/").content.decode()


@pytest.mark.clause("M29", "M3")
def test_the_pages_of_every_row_show_the_list_and_its_correction() -> None:
    drivers, records = noticed()
    with on("2026-03-03"):
        (correcting,) = void(drivers, records[1])
        paper = Document.objects.get(catalogue=13, supersedes=None)
        for each in drivers:
            page = signed_in(drivers[0].city).get(f"/desk/applications/{each.application.pk}/").content.decode()
            assert paper.number in page
            assert f"更正 {paper.number}" in page
        own = signed_in(drivers[1].owner).get(f"/portal/documents/{paper.pk}/").content.decode()
        assert f"（{correcting.number}）" in own
        others = signed_in(drivers[2].owner).get(f"/portal/documents/{paper.pk}/").content.decode()
        assert correcting.number not in others
        assert paper.number in others


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend=MODEL_BACKEND)
    return client

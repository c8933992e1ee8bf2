"""Lists and rows: what is in them, for whom, page by page, in a constant number of queries (M3, M26, M35)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, AgreementFact
from applications.models import Application, ApplicationFact
from casework.models import ActRecord, Proposal
from deadlines import clock
from deadlines.models import Deadline
from documents.issuing import issue
from evaluations.models import Notice, NoticeEntry
from institutions.models import Institution
from institutions.papers import describe
from offices.models import Office
from standing.models import StandingFact
from tests.api.conftest import Program
from tests.driving import Driver, on, people
from tests.factories import HospitalFactory, MembershipFactory, PersonFactory, actor

pytestmark = pytest.mark.django_db
MANY = 50


@contextmanager
def counted(seen: list[int]) -> Iterator[None]:
    with CaptureQueriesContext(connection) as queries:
        yield
    seen.append(len(queries))


def plain_institutions(number: int) -> list[Institution]:
    """Institutions without anybody, made at once."""
    district = HospitalFactory().district
    rows = [Institution(kind="hospital", district=district, name=f"第{n}医院") for n in range(number)]
    return Institution.objects.bulk_create(rows)


def record(case: Any, word: str = "save_draft", **more: Any) -> ActRecord:
    about = {"case_label": case._meta.model_name, "case_id": case.pk, "institution_id": getattr(case, "institution_id", case.pk)}
    return ActRecord.objects.create(word=word, title="办理", on=date(2026, 3, 2), at=clock.now(), role="system", **{**about, **more})


def applications(number: int) -> list[Any]:
    found = []
    for institution in plain_institutions(number):
        row = Application.objects.create(
            institution=institution, state="submitted", started_on=date(2026, 3, 2), number=f"测{institution.pk}"
        )
        act = record(row)
        for kind in ("drafted", "filed"):
            ApplicationFact.objects.create(application=row, kind=kind, on=date(2026, 3, 2), at=clock.at(date(2026, 3, 2)), act=act)
        found.append(row)
    return found


def agreements(number: int) -> list[Any]:
    found = []
    days = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31), "ended_on": date(2026, 12, 31)}
    for institution in plain_institutions(number):
        main = None
        for kind in ("annual", "supplementary"):
            main = Agreement.objects.create(
                institution=institution, number=f"{kind}{institution.pk}", kind=kind, state="active", main=main, **days
            )
            data = {"from": "2026-01-01", "to": "2026-12-31"}
            AgreementFact.objects.create(agreement=main, kind="signed", on=date(2026, 1, 1), at=clock.now(), data=data, act=record(main))
            found.append(main)
    return found


def documents(number: int) -> list[Any]:
    driver = Driver()
    ground = {"clause": "M12.1", "sentence": "不属于基本医疗服务"}
    data = {"institution": describe(driver.institution), "case": {"number": "1"}, "grounds": [ground]}
    issuer = Office.objects.get(pk=driver.district.office_id)
    return [issue(4, issuer=issuer, institutions=[driver.institution.pk], on=date(2026, 3, 2), data=data) for _ in range(number)]


def deadlines(number: int) -> list[Any]:
    due = {
        "nature": "duty",
        "state": "open",
        "due_on": date(2026, 3, 9),
        "clause": "M8.2",
        "steps": ["一步"],
        "responsible": "district_agency",
    }
    cases = applications(number)
    rows = [
        Deadline(kind="supplement", case_label="application", case_id=row.pk, institution_id=row.institution_id, district="110105", **due)
        for row in cases
    ]
    return Deadline.objects.bulk_create(rows)


def records(number: int) -> list[Any]:
    return [record(row) for row in applications(number)]


def proposals(number: int) -> list[Any]:
    city, _ = people("city_agency")
    about = {"office_id": city.office_id, "handler_id": city.user_id, "reviewer_id": city.user_id, "made_at": clock.now()}
    rows = [
        Proposal(word="sign", case_label="application", case_id=row.pk, institution_id=row.institution_id, **about)
        for row in applications(number)
    ]
    return Proposal.objects.bulk_create(rows)


def persons(number: int) -> list[Any]:
    return [PersonFactory() for _ in range(number)]


def notices(number: int) -> list[Any]:
    notice = Notice.objects.create(opened_on=date(2026, 3, 2), last_day=date(2026, 3, 9), days=5)
    rows = applications(number)
    Application.objects.filter(pk__in=[row.pk for row in rows]).update(state="public_notice")
    return [NoticeEntry.objects.create(notice=notice, application=row) for row in rows]


def terminations(number: int) -> list[Any]:
    about = {"kind": "termination", "on": date(2026, 3, 2), "at": clock.now()}
    return [StandingFact.objects.create(institution=row, act=record(row), **about) for row in plain_institutions(number)]


def colleagues(number: int) -> list[Any]:
    city, _ = people("city_agency")
    return [MembershipFactory(office_id=city.office_id) for _ in range(number)]


LISTS: dict[str, Callable[[int], list[Any]]] = {
    "applications": applications,
    "agreements": agreements,
    "institutions": plain_institutions,
    "people": persons,
    "documents": documents,
    "deadlines": deadlines,
    "records": records,
    "proposals": proposals,
    "colleagues": colleagues,
    "public/institutions": agreements,
    "public/notices": notices,
    "public/terminations": terminations,
}


@pytest.mark.parametrize("address", LISTS)
def test_a_list_takes_the_same_queries_at_one_row_and_at_fifty(address: str) -> None:
    with on("2026-03-05"):
        program = Program(people("city_agency")[0])
        seen: list[int] = []
        for number in (1, MANY - 1):
            LISTS[address](number)
            with counted(seen):
                rows = program.get(address, limit="200")["results"]
        assert len(rows) >= MANY
        assert seen[0] == seen[1], seen
        assert seen[0] <= 12


@pytest.mark.parametrize("part", ["", "/materials", "/evaluations", "/deadlines", "/documents", "/log"])
def test_a_case_takes_few_queries_however_much_lies_in_it(part: str) -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        program, seen = Program(driver.district), list[int]()
        for _ in range(2):
            with counted(seen):
                program.get(f"applications/{driver.application.pk}{part}")
            for _ in range(10):
                driver.do("check_material", item="M7(1)", fit=True)
        assert seen[1] <= seen[0]
        assert seen[0] <= 40


def test_pages_follow_one_another_without_loss(program: type[Program]) -> None:
    rows = applications(7)
    city = program(people("city_agency")[0])
    page = city.get("applications", limit="3")
    found = [row["id"] for row in page["results"]]
    while page["next"]:
        page = city.get(page["next"].removeprefix("/api/v1/"))
        found += [row["id"] for row in page["results"]]
    assert found == sorted((row.pk for row in rows), reverse=True)


@pytest.mark.clause("M3", "P3", "R16")
def test_lists_hold_only_what_the_actor_may_see() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        sees = {
            "city": (driver.city, True), "district": (driver.district, True), "auditor": (actor("auditor"), True),
            "own": (driver.owner, True), "bureau": (actor("district_bureau", "110105"), True),
            "elsewhere": (actor("district_agency", "110108"), False), "other": (people("", institution=HospitalFactory())[0], False),
            "third party": (actor("third_party"), False), "administrator": (actor("administrator"), False),
        }  # fmt: skip
        for name, (who, visible) in sees.items():
            program = Program(who)
            for address in ("applications", "documents", "deadlines", "records"):
                ids = {row["institution_id"] for row in program.get(address)["results"] if "institution_id" in row}
                listed = bool(program.get(address)["results"])
                assert listed == visible or driver.institution.pk not in ids, (name, address)
                assert listed or not visible, (name, address)


@pytest.mark.clause("M35")
def test_an_institution_does_not_see_the_working_steps_of_the_agency() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply(missing=("M7(5)",))
        driver.do("check_material", item="M7(1)", fit=False, note="模糊")
        driver.do("request_supplement", remark="请尽快")
        log = Program(driver.owner).get(f"applications/{driver.application.pk}/log")["results"]
        assert "check_material" not in {row["word"] for row in log}
        supplement = next(row for row in log if row["word"] == "request_supplement")
        assert (supplement["data"], supplement["after"]) == ({}, "supplementing")
        assert Program(driver.district).get(f"records/{supplement['id']}")["data"]["remark"] == "请尽快"


@pytest.mark.clause("M35")
def test_identity_numbers_are_masked() -> None:
    driver = Driver()
    program = Program(driver.district)
    answer = program.get(f"institutions/{driver.institution.pk}")
    number = driver.institution.posts.first().person.reveal_id_number()
    assert number not in program.last.content.decode()
    assert answer["posts"][0]["id_number"].endswith(number[-4:]) or "*" in answer["posts"][0]["id_number"]


@pytest.mark.clause("M7", "M26")
def test_files_are_handed_out_by_permission() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        own, elsewhere = Program(driver.district), Program(actor("district_agency", "110108"))
        material = own.get(f"applications/{driver.application.pk}/materials")["files"][0]
        assert own.get(material["url"].removeprefix("/api/v1/")).startswith(b"%PDF")
        assert own.last["Content-Disposition"].startswith("attachment")
        elsewhere.get(material["url"].removeprefix("/api/v1/"), status=404)
        document = own.get("documents")["results"][0]
        assert own.get(document["file"].removeprefix("/api/v1/")).startswith(b"%PDF")
        for part in ("", "/file"):
            elsewhere.get(f"documents/{document['id']}{part}", status=404)


@pytest.mark.clause("R7")
def test_states_are_those_of_the_day_of_asking_whatever_is_stored() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result("pass")
        driver.open_notice()
    with on("2026-03-10"):
        program = Program(driver.city)
        assert driver.application.state == "public_notice"
        assert program.get("applications")["results"][0]["state"] == "negotiating"
        assert program.get(f"applications/{driver.application.pk}")["state"] == "negotiating"
        assert len(program.get("applications", state="negotiating")["results"]) == 1
        assert program.get("applications", state="public_notice")["results"] == []
        driver.sign(from_on="2026-04-01")
    with on("2027-04-01"):
        program = Program(driver.city)
        assert program.get("agreements", state="expired")["results"][0]["ended_by"] == "M41.3"
        assert program.get("agreements", state="pending")["results"] == []


@pytest.mark.clause("R1", "M34")
def test_the_public_counts_days_without_a_token() -> None:
    public = Program()
    days = public.get("public/calendar", first="2026-10-01", last="2026-10-10")["days"]
    assert [day["day"] for day in days if day["working"]] == ["2026-10-08", "2026-10-09", "2026-10-10"]
    found = public.get("public/calculator", what="working", start="2026-03-02", n="5")
    assert (found["day"], found["provisional"]) == ("2026-03-09", False)
    public.get("public/calendar", first="2026-10-01", last="2028-10-10", status=400)
    public.get("public/calculator", what="working", start="9999-12-31", status=400)
    assert public.get("public/materials", kind="pharmacy")["items"] == []
    public.get("public/verification", q="没有这个文号", status=404)


def test_the_public_learns_nothing_of_an_institution_without_a_public_state() -> None:
    unknown = HospitalFactory()
    told = Program().get(f"public/institutions/{unknown.pk}", status=404)
    assert unknown.name not in str(told)

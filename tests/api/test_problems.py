"""Every way a request can fail is a problem with a kind, Chinese sentences and, where the law speaks, clauses (RFC 9457)."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from api.problems import KINDS
from applications.models import Application
from applications.statements import STATEMENTS
from casework.models import ActRecord
from documents.models import Document
from evaluations.models import Objection
from offices.actors import Actor
from tests.api.conftest import Program
from tests.driving import PDF, Driver, on, people
from tests.factories import DistrictFactory, HospitalFactory, OfficeFactory, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def driver() -> Driver:
    """A hospital that has filed in 朝阳区, with one material missing."""
    driver = Driver()
    with on("2026-03-02"):
        driver.apply(missing=("M7(5)",))
    return driver


def case(driver: Driver) -> str:
    return f"applications/{driver.application.pk}"


def kind(problem: dict[str, object]) -> str:
    return str(problem["type"]).removeprefix("urn:dingdian:problem:")


@pytest.mark.clause("M8.1")
def test_refused_with_every_reason_and_clause(driver: Driver) -> None:
    with on("2026-03-03"):
        problem = Program(driver.district).post(f"{case(driver)}/acts/accept", status=422)
    assert kind(problem) == "refused"
    assert problem["clauses"] == ["M8.1"]
    assert problem["refusals"][0] == {"clause": "M8.1", "message": problem["detail"], "earliest_on": None}


@pytest.mark.clause("M9.7", "M12.8", "R4")
def test_a_refusal_says_from_when_on_it_is_gone() -> None:
    driver = Driver(opened_on="2026-01-15")
    with on("2026-03-02"):
        program = Program(driver.owner)
        new = program.post(f"institutions/{driver.institution.pk}/acts/start_application")["recorded"]["application"]
        problem = program.post(
            f"applications/{new}/acts/submit_application", {"attest": dict.fromkeys(STATEMENTS["hospital"], True)}, status=422
        )
        answer = program.get(f"institutions/{driver.institution.pk}/may-apply")
    assert [each["earliest_on"] for each in problem["refusals"] if each["clause"] == "M6.1"] == ["2026-04-15"]
    assert (answer["yes"], answer["earliest_on"]) == (False, "2026-04-15")


def test_invalid_input_names_the_fields_and_changes_nothing(driver: Driver) -> None:
    program = Program(driver.district)
    for body, field in [
        ({}, "item"),
        ({"item": "M99"}, "item"),
        ({"item": "M7(1)", "fit": "yes"}, "fit"),
        ({"item": ["M7(1)"], "fit": True}, "item"),
        ({"item": "M7(1)", "fit": True, "colour": "red"}, "colour"),
        ({"item": "M7(1)", "fit": False}, "note"),
        ({"item": "M7(1)", "note": "长" * 301}, "note"),
        ({"item": "M7(1)", "note": "\x00"}, "__all__"),
        ({"item": "M7(1)", "note": "\ud800"}, "__all__"),
        ({"item": "M7(1)", "version": "third"}, "version"),
    ]:
        problem = program.post(f"{case(driver)}/acts/check_material", body, status=400)
        assert field in problem["errors"], body
        assert kind(problem) == "invalid"
    assert not ActRecord.objects.filter(word="check_material").exists()


@pytest.mark.parametrize("content", ["{", "[]", "7", '"x"', "null]", '{"a": NaN}', "[" * 100_000, '{"a":' * 5000, "\xff"])
def test_a_body_that_is_no_object(driver: Driver, content: str) -> None:
    program = Program(driver.district)
    address = f"/api/v1/{case(driver)}/acts/check_material"
    answer = program.client.post(address, content.encode("latin-1"), content_type="application/json", headers=program.headers)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_days_that_cannot_be_counted_from(driver: Driver) -> None:
    program = Program(driver.city)
    body = {"method": "in_person", "on": "9999-12-31"}
    paper = Document.objects.first()
    assert paper is not None
    assert "on" in program.post(f"documents/{paper.pk}/acts/serve_document", body, status=400)["errors"]


def test_a_stale_version_says_who_changed_what(driver: Driver) -> None:
    seen = Program(driver.district).get(case(driver))["version"]
    with on("2026-03-03"):
        driver.do("check_material", item="M7(1)", fit=True)
        problem = Program(driver.district_reviewer).post(f"{case(driver)}/acts/accept", {"version": seen}, status=409)
    assert kind(problem) == "stale"
    assert driver.district.user_name in problem["changed_by"]
    assert problem["act"] == "核对材料"
    assert problem["at"].startswith("2026-03-03")


@pytest.mark.clause("M29")
def test_a_second_proposal_is_a_conflict(driver: Driver) -> None:
    program = Program(driver.district)
    body = {"ground": ["M12.1"], "evidence": "现场核查"}
    first = program.post(f"{case(driver)}/acts/refuse", body, status=202)
    assert kind(program.post(f"{case(driver)}/acts/refuse", body, status=409)) == "conflict"
    problem = program.post(f"proposals/{first['id']}/confirm", status=422)
    assert problem["clauses"] == ["M29"]  # never the handler
    returned = Program(driver.district_reviewer).post(f"proposals/{first['id']}/return", {"remark": "证据不足"})
    assert (returned["state"], returned["remark"]) == ("returned", "证据不足")
    assert kind(program.post(f"proposals/{first['id']}/withdraw", status=409)) == "conflict"
    again = program.post(f"{case(driver)}/acts/refuse", body, status=202)
    Program(driver.city).post(f"proposals/{again['id']}/confirm", status=404)
    assert program.post(f"proposals/{again['id']}/withdraw")["state"] == "withdrawn"


@pytest.mark.clause("M3", "R16")
def test_what_an_office_never_does_is_forbidden_and_what_it_may_not_see_is_missing(driver: Driver) -> None:
    assert kind(Program(driver.owner).post(f"{case(driver)}/acts/accept", status=403)) == "forbidden"
    assert kind(Program(driver.city).post(f"{case(driver)}/acts/accept", status=403)) == "forbidden"
    elsewhere, _ = people("district_agency", "110108")
    for refused in (elsewhere, actor("administrator"), actor("third_party")):
        problem = Program(refused).post(f"{case(driver)}/acts/accept", status=404)
        assert problem["detail"] == "没有找到，或您所在机构无权查看。"
    assert kind(Program(elsewhere).post("acts/set_allocation", status=403)) == "forbidden"


def test_without_a_token_or_with_a_wrong_one(driver: Driver) -> None:
    assert kind(Program().post(f"{case(driver)}/acts/accept", status=401)) == "unauthenticated"
    program = Program()
    program.headers = {"Authorization": "Bearer dd_nonsense"}
    for address in ("applications", "public/institutions"):
        assert kind(program.get(address, status=401)) == "unauthenticated"


def test_addresses_methods_and_kinds_of_content_that_do_not_exist(driver: Driver) -> None:
    program = Program(driver.district)
    for address in ("nothing", "applications/x", "applications/1/acts/dance", "applications/99999999999999999999999", "docs"):
        assert kind(program.get(address, status=404)) == "missing"
    assert kind(program.delete(case(driver), status=405)) == "method"
    answer = program.client.post(f"/api/v1/{case(driver)}/acts/accept", "x", content_type="text/plain", headers=program.headers)
    assert (answer.status_code, answer.json()["status"]) == (415, 415)
    answer = program.client.get("/api/v1/public/institutions", headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_nonsense_in_the_query_is_told(driver: Driver) -> None:
    program = Program(driver.district)
    for query in [
        {"state": "dancing"}, {"limit": "0"}, {"limit": "201"}, {"after": "x"}, {"after": "9" * 30}, {"institution": "1e9"},
        {"due_by": "2026-02-30"}, {"district": "999999"}, {"q": "长" * 61}, {"number": "\x00"},
    ]:  # fmt: skip
        assert kind(program.get("applications", status=400, **query)) == "invalid", query
    assert kind(program.post(f"{case(driver)}/acts/accept?preview=maybe", status=400)) == "invalid"


@pytest.mark.clause("M7")
def test_an_upload_that_lies_about_its_kind_is_told(driver: Driver) -> None:
    with on("2026-03-03"):
        driver.do("request_supplement")
    program = Program(driver.owner)
    address = f"{case(driver)}/acts/upload_material"
    for file in (SimpleUploadedFile("材料.pdf", b"MZ\x90"), SimpleUploadedFile("材料.pdf", b""), SimpleUploadedFile("材料.png", PDF)):
        assert "file" in program.post(address, {"item": "M7(5)"}, status=400, file=file)["errors"]
    assert "file" in program.post(address, {"item": "M7(5)", "file": "text"}, status=400)["errors"]
    assert "fact" in program.post(address, {"item": "M7(5)", "fact": "x"}, status=400, file=SimpleUploadedFile("a.pdf", PDF))["errors"]
    assert program.post(address, {"item": "M7(5)", "version": "1"}, status=409, file=SimpleUploadedFile("a.pdf", PDF))
    assert program.post(address, {"item": "M7(5)"}, file=SimpleUploadedFile("a.pdf", PDF))["act"] == "upload_material"


def test_what_nobody_expected_is_a_problem_too_and_logged(driver: Driver, monkeypatch, caplog) -> None:
    def broken(self: Application) -> None:
        raise RuntimeError("110101199003078888")

    monkeypatch.setattr(Application, "road", broken)
    problem = Program(driver.district).get(case(driver), status=500)
    assert kind(problem) == "fault"
    assert "110101" not in json.dumps(problem)
    assert any(record.exc_info for record in caplog.records)


def test_every_kind_has_a_chinese_title_and_a_status() -> None:
    for status, title in KINDS.values():
        assert 400 <= status <= 503
        assert any("一" <= letter <= "龥" for letter in title)


def test_a_preview_shows_the_consequences_and_changes_nothing(driver: Driver) -> None:
    program = Program(driver.district)
    with on("2026-03-03"):
        found = program.post(f"{case(driver)}/acts/request_supplement?preview=1", {"items": []})
        assert (found["before"], found["after"]) == ("submitted", "supplementing")
        assert found["papers"][0]["catalogue"] == 3
        assert found["states"]
        assert driver.application.state == "submitted"
        assert kind(program.post(f"{case(driver)}/acts/accept?preview=true", status=422)) == "refused"
        assert found["withdrawn"] == []
    upload = Program(driver.owner).post(f"{case(driver)}/acts/upload_material?preview=1", {"item": "M7(1)"}, status=400)
    assert "preview" in upload["errors"]


def test_many_at_once_each_row_by_itself(driver: Driver) -> None:
    other = Driver()
    with on("2026-03-02"):
        other.apply()
    OfficeFactory(role="district_agency", district=DistrictFactory(code="110108"), short_name="海")
    elsewhere = Driver(HospitalFactory(district="110108"))
    with on("2026-03-02"):
        elsewhere.apply()
    ids = [driver.application.pk, elsewhere.application.pk, other.application.pk]
    program = Program(driver.district)
    rows = program.post("acts/assign", {"ids": ids, "data": {"owner": driver.district.user_id}})["rows"]
    assert [(row["problem"] or {}).get("status") for row in rows] == [None, 404, None]
    for body in [
        {}, {"ids": []}, {"ids": [1, 1]}, {"ids": ["1"]}, {"ids": [True]}, {"ids": [0]}, {"ids": list(range(1, 202))},
        {"ids": ids, "data": []}, {"ids": ids, "dry_run": 1}, {"ids": ids, "data": {"x": 1}}, {"ids": ids[:1], "data": {"owner": 10**12}},
    ]:  # fmt: skip
        assert kind(program.post("acts/assign", body, status=400)) == "invalid", body
    Program(driver.owner).post("acts/assign", {"ids": ids}, status=403)


@pytest.mark.clause("M9.5")
def test_the_public_objects_only_to_what_is_on_the_notice(driver: Driver) -> None:
    public = Program()
    public.post(f"{case(driver)}/acts/object", {"text": "地址不符"}, status=404)
    stranger: Actor = Driver().owner
    Program(stranger).post(f"{case(driver)}/acts/object", {"text": "地址不符"}, status=404)
    assert not Objection.objects.exists()

"""Asking by code, one and many: what is answered, to whom, in how many queries (R8, M3)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines import clock
from settlement.answer import Query
from settlement.reading import answer_many
from tests.api.conftest import Program
from tests.driving import people
from tests.settlement.conftest import lines, on, taken_over

pytestmark = pytest.mark.django_db
ONE, MANY = "settlement/answers/", "settlement/answers"


def city() -> Program:
    return Program(people("city_agency")[0])


@pytest.mark.clause("R8", "M33", "P31", "M41.3")
def test_any_code_of_the_institution_is_answered_with_clause_and_sentence() -> None:
    driver, shop = taken_over(national_code="H11010500001"), taken_over("pharmacy")
    program = city()
    for code in (driver.institution.uscc, "H11010500001"):
        assert program.get(ONE + code, service_on="2026-06-01") == {
            "code": code, "answer": "settle", "clause": "M33", "sentence": "协议履行中,可以结算。",
        }  # fmt: skip
    assert program.get(ONE + shop.institution.uscc, service_on="2026-06-01")["clause"] == "P31"
    after = program.get(ONE + driver.institution.uscc, service_on="2027-01-01")
    assert (after["answer"], after["clause"]) == ("refuse", "M41.3")


@pytest.mark.clause("R8", "M33")
def test_without_a_day_today_is_meant() -> None:
    driver = taken_over()
    with on("2026-12-31", 23):
        program = city()
        assert program.get(ONE + driver.institution.uscc)["answer"] == "settle"
    with clock.frozen(clock.at(date(2027, 1, 1))):
        assert program.get(ONE + driver.institution.uscc)["answer"] == "refuse"


@pytest.mark.clause("R7", "R8")
def test_as_it_was_known_before_the_suspension_was_decided() -> None:
    driver, program = taken_over(), city()
    with on("2026-05-04"):
        driver.do("suspend", ground="M42.6(1)", from_on="2026-05-10", to_on="2026-06-30", urgent_reason="紧急")
    address, asked = ONE + driver.institution.uscc, {"service_on": "2026-06-01"}
    assert program.get(address, **asked)["clause"] == "M42.1"
    assert program.get(address, **asked, known_at="2026-05-04T08:59:59")["answer"] == "settle"
    assert program.get(address, **asked, known_at="2026-05-04T09:00:00")["answer"] == "refuse"
    rows = [{"code": driver.institution.uscc, **asked}, {"code": "H99999999999", **asked}]
    for moment, answer in ((None, "refuse"), ("2026-05-04T08:59:59", "settle"), ("2026-05-04T09:00:00", "refuse")):
        given = program.post(MANY, {"rows": rows, "known_at": moment})["answers"]
        assert [each["answer"] for each in given] == [answer, None]
    for wrong in ("gestern", 7, "0001-01-01T00:00:00"):
        program.post(MANY, {"rows": rows, "known_at": wrong}, 400)


@pytest.mark.clause("R7", "R8")
def test_many_as_known_at_a_moment_cost_as_many_queries_as_one() -> None:
    codes = [taken_over().institution.uscc for _ in range(3)]
    cost = []
    for asked in (codes[:1], codes):
        with CaptureQueriesContext(connection) as queries:
            answers = answer_many([(code, Query(date(2026, 6, 1))) for code in asked], known_at=clock.at(date(2026, 5, 4)))
        assert [each.answer for each in answers if each] == ["settle"] * len(asked)
        cost.append(len(queries))
    assert cost[0] == cost[1]


@pytest.mark.clause("M3", "R16")
def test_each_office_asks_for_its_own() -> None:
    here, there = taken_over(), taken_over()
    there.institution.district_id = "110108"
    from tests.factories import DistrictFactory

    DistrictFactory(code="110108")
    there.institution.save()
    own, other = here.institution.uscc, there.institution.uscc
    Program(here.district).get(ONE + own)
    Program(here.district).get(ONE + other, 404)
    Program(here.owner).get(ONE + own)
    Program(here.owner).get(ONE + other, 404)
    Program(here.bureau).get(ONE + other)
    Program(people("auditor")[0]).get(ONE + other)
    for role in ("third_party", "administrator"):
        Program(people(role)[0]).get(ONE + own, 403)
    Program().get(ONE + own, 401)
    answers = Program(here.district).post(MANY, {"rows": [{"code": each, "service_on": "2026-06-01"} for each in (own, other)]})
    assert [each["answer"] for each in answers["answers"]] == ["settle", None]


@pytest.mark.clause("R8", "I20", "M45")
def test_a_batch_answers_in_the_order_asked() -> None:
    driver, program = taken_over(), city()
    with on("2026-05-04"):
        driver.do("terminate", ground=["M43(3)"], urgent_reason="紧急")
    code = driver.institution.uscc
    rows: list[dict[str, Any]] = [
        {"code": code, "service_on": "2026-05-04"},
        {"code": code, "service_on": "2026-05-08", "admitted_on": "2026-05-01"},
        {"code": "nobody", "service_on": "2026-05-04"},
        {"code": code, "service_on": "2026-05-03", "department": "内科", "person": None},
        {"code": code, "service_on": "2026-05-08", "emergency": True},
    ]
    answers = program.post(MANY, {"rows": rows})["answers"]
    assert [(each["code"], each["answer"], each["clause"]) for each in answers] == [
        (code, "refuse", "M43(3)"), (code, "settle", "I20"), ("nobody", None, ""), (code, "settle", "M33"), (code, "by_hand", "M33"),
    ]  # fmt: skip
    for row, told in zip(rows, answers, strict=True):
        if row["code"] == code:
            asked = {name: value for name, value in row.items() if name != "code" and value is not None}
            assert program.get(ONE + code, **asked) == told


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (None, "rows"), ([], "rows"), ("x", "rows"), ([{}] * 5001, "rows"), ([7], "rows.0"), ([{}], "rows.0.code"),
        ([{"code": "x", "service_on": "2026-02-30"}], "rows.0.service_on"),
        ([{"code": "x", "service_on": "20260302"}], "rows.0.service_on"),
        ([{"code": "x", "service_on": "1899-01-01"}], "rows.0.service_on"), ([{"code": 7, "service_on": "2026-03-02"}], "rows.0.code"),
        ([{"code": "x", "service_on": "2026-03-02", "admitted_on": "2026-03-03"}], "rows.0.admitted_on"),
        ([{"code": "x", "service_on": "2026-03-02", "emergency": "yes"}], "rows.0.emergency"),
        ([{"code": "x", "service_on": "2026-03-02", "person": ["x"]}], "rows.0.person"),
        ([{"code": "x", "service_on": "2026-03-02", "other": 1}], "rows.0.other"),
        ([{"code": "x\x00", "service_on": "2026-03-02"}], "__all__"),
    ],
)  # fmt: skip
def test_a_batch_that_cannot_be_read_says_where(rows: Any, wrong: str) -> None:
    assert wrong in city().post(MANY, {"rows": rows}, 400)["errors"]


def test_one_question_that_cannot_be_read_says_where() -> None:
    program, code = city(), taken_over().institution.uscc
    for wrong in ({"service_on": "2026-02-30"}, {"service_on": "1899-01-01"}, {"known_at": "gestern"}, {"known_at": "0001-01-01"}):
        assert list(program.get(ONE + code, 400, **wrong)["errors"]) == list(wrong)
    assert list(program.get(ONE + code, 400, service_on="2026-05-01", admitted_on="2026-05-02")["errors"]) == ["admitted_on"]
    program.get(ONE + "%00", 404)


def test_five_thousand_cost_as_many_queries_as_one() -> None:
    made, program = lines(5000), city()
    counts = []
    for number in (1, 5000):
        rows = [{"code": each.national_code, "service_on": "2026-06-01"} for each in made[:number]]
        with CaptureQueriesContext(connection) as queries:
            answers = program.post(MANY, {"rows": rows})["answers"]
        counts.append(len(queries))
        assert {each["answer"] for each in answers} == {"settle"}
        assert len(answers) == number
    assert counts[0] == counts[1] <= 4
    with CaptureQueriesContext(connection) as queries:
        program.get(ONE + str(made[0].national_code))
    assert len(queries) == counts[0]


def test_a_program_asks_the_same_without_the_interface() -> None:
    from settlement.answer import Query

    code = str(lines(1)[0].national_code)
    found = answer_many([(code, Query(date(2026, 6, 1))), ("H99999999999", Query(date(2026, 6, 1)))])
    assert [each.answer if each else None for each in found] == ["settle", None]


def test_one_token_may_not_ask_without_end(settings: Any) -> None:
    settings.API_RATES = {"settlement": "3/hour"}
    program, code = city(), str(lines(1)[0].national_code)
    for _ in range(3):
        program.get(ONE + code)
    told = program.get(ONE + code, 429)
    assert 0 < int(program.last["Retry-After"]) <= 3601
    assert told["type"].endswith("throttled")
    city().get(ONE + code)

"""Parent of an internet hospital, chain of a pharmacy, people of its head office: set and ended by acts, with history (M5.2, R10)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from casework.models import ActRecord
from casework.refusals import Invalid, NotDone, Refused
from institutions import importing
from institutions.madeup import id_number, uscc
from institutions.models import Chain, Institution, Person
from offices.models import User
from offices.seeding import seed_districts
from tests.agreements.life import URGENT, life, state
from tests.conftest import MODEL_BACKEND
from tests.driving import Driver, on
from tests.factories import HospitalFactory, PersonFactory, PharmacyFactory
from tests.institutions.lists import text_file

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


def clauses(driver: Driver, word: str, **data: object) -> list[str]:
    with on(DAY), pytest.raises(Refused) as caught:
        driver.do(word, Institution.objects.get(pk=driver.institution.pk), **data)
    return caught.value.clauses


@pytest.mark.clause("M5.2")
def test_an_internet_hospital_signs_once_its_hospital_is_recorded() -> None:
    main = life("hospital", "2026-01-01", "2026-12-31")
    driver = Driver(HospitalFactory(district="110105", category="internet"))
    with on(DAY):
        with pytest.raises(Refused) as caught:
            driver.apply()
        assert "M5.2" in caught.value.clauses
        driver.do("set_parent", driver.institution, parent_uscc=main.institution.uscc)
        driver.do("submit_application")
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.open_notice()
    with on("2026-03-16"):
        driver.sign(kind="supplementary")
    assert driver.agreement.main == main.agreement
    record = ActRecord.objects.get(word="set_parent")
    assert (record.institution_id, record.data["parent"]) == (driver.institution.pk, {"before": None, "after": main.institution.pk})
    # The agreement rests on it.
    with on("2026-03-17"), pytest.raises(Refused) as caught:
        driver.do("end_parent", driver.institution, ended_on=DAY, reason="不再依托")
    assert caught.value.clauses == ["M40.1"]


@pytest.mark.clause("M5.2")
def test_a_parent_is_another_physical_hospital_and_ends_before_the_next() -> None:
    driver = Driver(HospitalFactory(district="110105", category="internet"))
    first, second = HospitalFactory(), HospitalFactory()
    wrong = [driver.institution, HospitalFactory(category="internet"), PharmacyFactory()]
    for each in wrong:
        with on(DAY), pytest.raises(Invalid):
            driver.do("set_parent", driver.institution, parent_uscc=each.uscc)
    assert clauses(Driver(HospitalFactory()), "set_parent", parent_uscc=first.uscc) == ["M5.2"]
    assert clauses(driver, "end_parent", ended_on=DAY, reason="无") == ["state"]
    with on(DAY):
        driver.do("set_parent", driver.institution, parent_uscc=first.uscc)
    assert clauses(driver, "set_parent", parent_uscc=second.uscc) == ["state"]
    with on(DAY):
        driver.do("end_parent", driver.institution, ended_on=DAY, reason="合作终止")
        driver.do("set_parent", driver.institution, parent_uscc=second.uscc)
    driver.institution.refresh_from_db()
    assert driver.institution.parent == second
    history = driver.institution.events.order_by("pgh_id").values_list("parent_id", flat=True)
    assert list(dict.fromkeys(history)) == [None, first.pk, second.pk]


@pytest.mark.clause("R10", "P40.14")
def test_a_chain_recorded_by_acts_is_reached_by_a_cascade() -> None:
    code, number = uscc(77), id_number(77)
    held = Person.get_or_create_by_id_number("赵一", number)
    origin, branch = (life("pharmacy", "2026-01-01", "2026-12-31", controller=held) for _ in range(2))
    with on(DAY):
        for each in (origin, branch):
            each.do("set_chain", each.institution, name="示例连锁", uscc=code, from_on=DAY)
        origin.do("record_chain_post", origin.institution, post="controller", name="赵一", id_number=number, from_on=DAY)
    chain = Chain.objects.get()
    person = Person.by_id_number(number)
    assert person is not None
    assert (chain.uscc, chain.controller, chain.branches.count()) == (code, person, 2)
    assert number not in str(list(ActRecord.objects.values_list("data", flat=True)))
    with on("2026-06-10"):
        origin.do("terminate", ground=["P40(4)"], head_office_at_fault=person.pk, **URGENT)
    assert [state(each, "2026-06-10") for each in (origin, branch)] == ["terminated", "terminated"]


@pytest.mark.clause("R10", "P40.14", "M29")
def test_whoever_left_the_chain_or_the_head_office_is_reached_no_longer() -> None:
    driver = Driver(PharmacyFactory(district="110105"))
    with on(DAY):
        driver.do("set_chain", driver.institution, name="示例连锁", uscc=uscc(77), from_on=DAY)
        driver.do("record_chain_post", driver.institution, post="principal", name="钱二", id_number=id_number(5), from_on=DAY)
    assert clauses(driver, "set_chain", name="另一连锁", uscc=uscc(78), from_on=DAY) == ["state"]
    assert clauses(driver, "end_chain_post", post="controller", ended_on=DAY, reason="离任") == ["state"]
    with on(DAY):
        driver.do("end_chain_post", driver.institution, post="principal", ended_on=DAY, reason="离任")
        driver.do("end_chain", driver.institution, ended_on=DAY, reason="合同期满")
    driver.institution.refresh_from_db()
    chain = Chain.objects.get()
    assert (chain.principal, driver.institution.chain) == (None, None)
    person = Person.by_id_number(id_number(5))
    assert person is not None
    assert list(chain.events.order_by("pgh_id").values_list("principal_id", flat=True))[-2:] == [person.pk, None]
    assert clauses(driver, "end_chain", ended_on=DAY, reason="无") == ["state"]
    assert clauses(driver, "record_chain_post", post="principal", name="钱二", id_number=id_number(5), from_on=DAY) == ["state"]


@pytest.mark.clause("R10")
def test_a_chain_is_known_by_its_code_and_a_hospital_has_none() -> None:
    driver, other = Driver(PharmacyFactory(district="110105")), Driver(PharmacyFactory(district="110108"))
    named = Chain.objects.create(name="示例连锁")
    with on(DAY):
        driver.do("set_chain", driver.institution, name="示例连锁", uscc=uscc(77), from_on=DAY)
    named.refresh_from_db()
    assert (Chain.objects.count(), named.uscc) == (1, uscc(77)), "an import had named it without its code"
    assert clauses(other, "set_chain", name="别的名称", uscc=uscc(77), from_on=DAY) == ["state"]
    assert clauses(Driver(HospitalFactory()), "set_chain", name="示例连锁", uscc=uscc(77), from_on=DAY) == ["state"]
    with on(DAY), pytest.raises(NotDone):
        driver.do("end_chain", driver.institution, role="institution", ended_on=DAY, reason="自行退出")


@pytest.mark.clause("M5.2", "R10", "R16")
def test_the_clerks_find_the_acts_on_the_institution_s_page() -> None:
    internet = Driver(HospitalFactory(district="110105", category="internet"))
    branch = Driver(PharmacyFactory(district="110105", chain=Chain.objects.create(name="示例连锁", controller=PersonFactory(name="孙三"))))
    with on(DAY):
        for driver, actor, found in (
            (internet, internet.district, ["set_parent"]),
            (branch, branch.district, ["end_chain"]),
            (branch, branch.city, ["record_chain_post", "end_chain_post"]),
        ):
            client = Client()
            client.force_login(User.objects.get(pk=actor.user_id), backend=MODEL_BACKEND)
            page = client.get(f"/desk/institutions/{driver.institution.pk}/").content.decode()
            for word in found:
                address = f"/desk/act/institution/{driver.institution.pk}/{word}/"
                assert address in page
                assert client.get(address).status_code == 200
        assert "孙三" in page


@pytest.mark.clause("M5.2")
def test_an_import_sets_the_parent_in_any_order_and_again_when_it_comes_later(tmp_path: Path) -> None:
    seed_districts()
    heading = ["名称", "类型", "类别", "统一社会信用代码", "实体医疗机构统一社会信用代码"]
    internet = ["示例互联网医院", "医疗机构", "互联网医院", uscc(1), uscc(2)]
    clinic = ["示例综合医院", "医疗机构", "综合医院", uscc(2), ""]

    def take(*rows: list[str]) -> list[str]:
        entries: list[importing.Entry] = []
        with text_file(tmp_path, "list.csv", [heading, *rows]).open("rb") as file:
            importing.read_and_import("list.csv", file, entries.append)
        return [note for entry in entries for note in entry.notes]

    assert any("还没有登记" in note for note in take(internet))
    assert Institution.objects.get(name=internet[0]).parent is None
    take(clinic, internet)
    found = Institution.objects.get(name=internet[0])
    assert found.parent == Institution.objects.get(name=clinic[0])
    take(internet, clinic)
    assert Institution.objects.get(name=internet[0]).version == found.version, "a second import changes nothing"
    other = ["另一互联网医院", *internet[1:3], uscc(3), uscc(2)]
    third = ["示例三院", "医疗机构", "综合医院", uscc(4), uscc(2)]
    take(other, third)
    assert Institution.objects.get(name="另一互联网医院").parent == found.parent
    assert not Institution.objects.filter(name="示例三院").exists()

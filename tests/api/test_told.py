"""What a program is told of a person and of a dispute, beyond what stands in a list."""

from __future__ import annotations

import pytest

from tests.agreements.life import URGENT, life, terminate
from tests.api.conftest import Program
from tests.driving import on
from tests.pages.desk.conftest import Seat

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M12.7", "M12.8", "R4", "R7")
def test_a_person_comes_with_the_bans_of_the_day_the_dishonest_list_and_the_posts() -> None:
    driver = life()
    post = driver.institution.posts.get(post="principal")
    person = post.person
    terminate(driver, "2026-04-20", "M43(3)")
    with on("2026-05-01"):
        driver.do("list_dishonest", person, source="法院公告", role="city_agency")
    with on("2026-05-02"):
        program = Program(driver.city)
        told = program.get(f"people/{person.pk}")
        found = {(ban["kind"], ban["clause"], ban["until"], ban["opens_on"]) for ban in told["bans"]}
        assert ("hospital", "M12.7", "2031-04-20", "2031-04-21") in found
        assert ("hospital", "M12.8", None, None) in found
        assert told["dishonest_since"] == "2026-05-01"
        assert (post.institution_id, "principal") in {(each["institution"], each["post"]) for each in told["posts"]}
        Program(driver.owner).get(f"people/{person.pk}", status=404)
    with on("2031-04-21"):
        told = Program(driver.city).get(f"people/{person.pk}")
        assert "M12.7" not in {ban["clause"] for ban in told["bans"]}
    with on("2026-04-30"):
        assert Program(driver.city).get(f"people/{person.pk}")["dishonest_since"] is None


@pytest.mark.clause("M39", "M46", "I7")
def test_a_dispute_tells_how_it_ended_and_what_the_agency_must_do() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("request_mediation", text="少付费用", agency_breach=True, clause="第三条")
        row = driver.institution.disputes.get()
        open_ = Program(driver.city).get(f"disputes/{row.pk}")
        assert (open_["closed_on"], open_["conclusion"], open_["measures"]) == (None, "", [])
    with on("2026-06-10"):
        driver.do("answer_mediation", row, conclusion="已补付", measures="约谈\n限期整改")
        told = Program(driver.city).get(f"disputes/{row.pk}")
        assert (told["closed_on"], told["conclusion"], told["measures"]) == ("2026-06-10", "已补付", ["约谈", "限期整改"])
        page = Seat(driver.city).page(f"/desk/disputes/{row.pk}/")
    assert "对经办机构的处理" in page
    assert "<li>限期整改</li>" in page


@pytest.mark.clause("R11", "M46")
def test_a_remedy_tells_what_was_decided() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("suspend", ground="M42.6(1)", to_on="2026-06-30", **URGENT)
        driver.do("file_remedy", text="不服", against=driver.agreement.facts.get(kind="suspended").act_id, what="lawsuit")
        row = driver.institution.disputes.get()
    with on("2026-07-01"):
        driver.do("decide_remedy", row, outcome="upheld", text="判决维持")
        told = Program(driver.owner).get(f"disputes/{row.pk}")
    assert (told["closed_on"], told["conclusion"], told["outcome"]) == ("2026-07-01", "判决维持", "upheld")

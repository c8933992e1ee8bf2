"""What may be done now and why not the rest, asked of the acts themselves."""

import pytest

from applications.road import STATES
from casework.acts import acts_for
from pages.desk import subjects
from pages.desk.options import options_of
from tests.casework.test_combinations import actors_of, reach
from tests.driving import Driver, on
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db
FILED = [state for state in STATES if state != "draft"]


def words(options) -> set[str]:
    return {option.act.word for option in options}


@pytest.mark.parametrize("state", FILED)
def test_in_every_state_every_act_is_offered_or_refused_with_reasons(driver, state):
    reach(driver, state)
    with on("2026-03-16"):
        case = subjects.find("application", driver.application.pk, driver.city)
        for actor, _ in actors_of(driver).values():
            found = options_of(case, actor)
            assert words(found.now) | words(found.later) == {act.word for act in acts_for(type(case)) if actor.role in act.roles}
            assert all(option.refusals for option in found.later)
            assert all(case.state in option.act.sources for option in found.now if option.act.sources)


@pytest.mark.clause("M9.5", "R12")
def test_too_early_an_act_says_which_clause_stands_in_the_way(noticed):
    with on("2026-03-12"):
        case = subjects.find("application", noticed.application.pk, noticed.city)
        later = {option.act.word: option.refusals for option in options_of(case, noticed.city).later}
    assert "M9.5" in [refusal.clause for refusal in later["sign"]]
    assert "2026-03-17" in later["sign"][0].message


@pytest.mark.clause("M9.7")
def test_a_gate_names_the_first_day(evaluating):
    with on("2026-03-10"):
        evaluating.record_result("fail")
        evaluating.do("serve_result")
        case = subjects.find("application", evaluating.application.pk, evaluating.city)
        later = {option.act.word: option.refusals for option in options_of(case, evaluating.city).later}
    assert [str(refusal.earliest_on) for refusal in later["start_re_evaluation"]] == ["2026-06-11"]


@pytest.mark.clause("M9.3")
def test_what_does_not_hang_on_the_input_is_told_before_anything_is_typed(evaluating):
    with on(DAY):
        case = subjects.find("application", evaluating.application.pk, evaluating.city)
        later = {option.act.word: option.refusals for option in options_of(case, evaluating.city).later}
    assert "尚无评估意见的项目" in later["record_result"][0].message


def test_reading_options_changes_nothing(noticed):
    """The copy in memory is brought up to today; the row stays as it was."""
    with on("2026-03-18"):
        case = subjects.find("application", noticed.application.pk, noticed.city)
        options_of(case, noticed.city)
        assert case.state == "negotiating"
    assert noticed.application.state == "public_notice"


def test_what_waits_for_its_second_signature_is_marked(noticed: Driver):
    from casework import proposals

    with on("2026-03-18"):
        noticed.do("invite_to_sign")
        noticed.do("institution_signs", signer="赵一")
        made = proposals.propose("sign", noticed.application, actor=noticed.city, data={})
        case = subjects.find("application", noticed.application.pk, noticed.city)
        now = {option.act.word: option.proposal for option in options_of(case, noticed.city).now}
    assert now["sign"] == made
    assert now["assign"] is None

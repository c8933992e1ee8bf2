"""How words become acts: composites are all or nothing, refusals name every clause."""

from collections.abc import Callable

import pytest

from replay.playing import Played

Play = Callable[..., list[Played]]
ROAD = """
    institutions: {h1: {}, p1: {kind: pharmacy}}
    steps:
      - {on: 2026-03-02, do: apply, who: h1}
      - {on: 2026-03-02, do: accept, who: h1}
      - {on: 2026-03-02, do: form_team, who: h1}
      - {on: 2026-03-02, do: record_result, who: h1}
      - {on: 2026-03-02, do: file, who: h1, what: result}
      - {on: 2026-03-02, do: open_notice, who: h1}
"""


@pytest.mark.clause("M10.1")
def test_a_refused_composite_leaves_nothing(played: Play) -> None:
    refused, documents, application = played(
        ROAD
        + """
      - {on: 2026-03-10, do: sign, who: h1, reviewer: same}
      - {on: 2026-03-10, ask: documents, who: h1}
      - {on: 2026-03-10, ask: application, who: h1}
    """
    )[-3:]
    assert (refused.result, refused.clauses) == ("refused", ["M29"])
    # The invitation to sign came before the refusal, and is gone with it.
    assert 15 not in documents.answer
    assert application.answer["state"] == "negotiating"


@pytest.mark.clause("M6.1", "M9.8", "M12.3")
def test_an_open_application_does_not_hide_other_reasons(played: Play) -> None:
    last = played(
        """
    institutions: {h1: {}}
    steps:
      - {on: 2026-03-02, do: apply, who: h1}
      - {on: 2026-03-02, do: impose_penalty, who: h1}
      - {on: 2026-03-02, do: record_second_fail, who: h1}
      - {on: 2026-03-02, do: apply, who: h1, attest: {M6.5: false}}
    """
    )[-1]
    assert set(last.clauses) == {"state", "M12.3", "M9.8", "M6.5"}


def test_without_an_application_every_step_on_it_is_refused(played: Play) -> None:
    words = [
        "accept", "request_supplement", "supply", "withdraw", "close_application", "decline", "form_team", "request_evidence",
        "supply_evidence", "record_result", "serve_result", "start_re_evaluation", "open_notice", "object", "resolve_objection", "sign",
    ]  # fmt: skip
    steps = "".join(f"      - {{on: 2026-03-02, do: {word}, who: h1}}\n" for word in words)
    for each in played("    institutions: {h1: {}}\n    steps:\n" + steps):
        assert (each.step.word, each.result, each.clauses[0]) == (each.step.word, "refused", "state")


@pytest.mark.clause("R16")
def test_no_other_office_can_do_a_step(played: Play) -> None:
    acting = ["city_bureau", "district_bureau", "third_party", "public", "auditor", "administrator"]
    words = ["accept", "form_team", "withdraw", "close_application", "open_notice", "sign", "list_dishonest, person: zhao"]
    steps = "".join(f"      - {{on: 2026-03-02, do: {word}, who: h1, as: {role}}}\n" for word in words for role in acting)
    text = "    people: {zhao: {}}\n    institutions: {h1: {}}\n    steps:\n      - {on: 2026-03-02, do: apply, who: h1}\n" + steps
    assert {tuple(each.clauses) for each in played(text)[1:]} == {("permission",)}


@pytest.mark.clause("R12")
def test_a_value_that_is_well_formed_but_not_allowed_is_a_refusal(played: Play) -> None:
    last = played(ROAD.replace("do: open_notice", "do: open_notice, days: 0"))[-1]
    assert (last.result, last.clauses) == ("refused", ["state"])


@pytest.mark.clause("R7")
def test_timers_remind_only_where_they_run(played: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    from deadlines.models import Reminder
    from replay import playing

    seen = []
    text = ROAD + "      - {on: 2026-03-20, do: sign, who: h1}\n      - {on: 2027-03-22, ask: agreement, who: h1}\n"
    answered = playing._asked
    monkeypatch.setattr(playing, "_asked", lambda stage, step: (seen.append(list(_reminders(Reminder))), answered(stage, step))[1])
    swept, unswept = (played(text, sweep=sweep)[-1].answer for sweep in (True, False))
    assert swept == unswept
    assert seen[1] == []
    # The renewal is warned of 30, 15, 7 and 1 days ahead, each at 00:00 of its own day, and escalates after the last one.
    renewal = [(f"{at:%Y-%m-%d %H:%M}", mark) for kind, at, mark in seen[0] if kind == "renewal_application"]
    assert renewal == [
        ("2026-11-19 00:00", "30"),
        ("2026-12-04 00:00", "15"),
        ("2026-12-12 00:00", "7"),
        ("2026-12-18 00:00", "1"),
        ("2026-12-20 00:00", "overdue"),
    ]


def _reminders(model):
    from django.utils.timezone import localtime

    for row in model.objects.order_by("created_at").select_related("deadline"):
        yield row.deadline.kind, localtime(row.created_at), row.mark


@pytest.mark.clause("M9.5", "R7")
def test_a_voided_answer_opens_the_objection_again(played: Play) -> None:
    voided, refused, answered, asked = played(
        ROAD
        + """
      - {on: 2026-03-03, do: object, who: h1}
      - {on: 2026-03-03, do: resolve_objection, who: h1, id: answer}
      - {on: 2026-03-03, do: void, what: answer}
      - {on: 2026-03-10, do: sign, who: h1, refused: M9.5}
      - {on: 2026-03-10, do: resolve_objection, who: h1}
      - {on: 2026-03-10, ask: application, who: h1}
    """
    )[-4:]
    assert [voided.result, refused.clauses, answered.result] == ["done", ["M9.5"], "done"]
    assert asked.answer["state"] == "negotiating"

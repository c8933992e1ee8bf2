"""Stories of living agreements: suspended, leaving, renewing, changing, disputed. Their agreements are taken over from paper files."""

from datetime import date, timedelta

from deadlines.periods import add_months, add_years
from demo.days import Days
from demo.telling import Event, Story

HOSPITAL, PHARMACY = "hospital", "pharmacy"
CHAOYANG, HAIDIAN, BDA = "110105", "110108", "bda"
PRIVATE = {"ownership": "private", "category": "outpatient"}


def stories(days: Days) -> list[Story]:
    """At least one institution in every stage after signing, in three districts."""
    return [*_suspended(days), *_leaving(days), *_running(days), *_ended(days)]


def taken_over(days: Days) -> list[tuple[str, str, date, date]]:
    """Their agreements: in force since eight months, so that the time to ask for renewal has come."""
    first = add_months(days.today.replace(day=1), -8)
    last = add_years(first, 1) - timedelta(days=1)
    return [(story.id, f"旧协{first.year}-{number:03d}", first, last) for number, story in enumerate(stories(days), 101)]


def _suspended(days: Days) -> list[Story]:
    soon = days.today + timedelta(days=20)
    return [
        Story("suspended", PHARMACY, CHAOYANG, [Event(days.ago(20), "suspend", {"to": days.today + timedelta(days=45)})]),
        Story(
            "rectification_failed",
            HOSPITAL,
            HAIDIAN,
            [
                Event(days.ago(40), "suspend", {"ground": "M42.6(2)", "to": soon}),
                Event(days.ago(8), "record_rectification", {"passed": False}),
            ],
            PRIVATE,
        ),
        Story(
            "suspended_at_request",
            HOSPITAL,
            CHAOYANG,
            [Event(days.ago(95), "request_suspension", {"days": 150}), Event(days.ago(90), "decide_suspension")],
            PRIVATE,
        ),
        Story(
            "asks_to_resume",
            PHARMACY,
            BDA,
            [
                Event(days.ago(95), "request_suspension", {"days": 60}),
                Event(days.ago(90), "decide_suspension"),
                Event(days.ago(2), "request_resumption"),
            ],
        ),
        Story("asks_to_suspend", PHARMACY, HAIDIAN, [Event(days.ago(3), "request_suspension", {"days": 90})]),
    ]


def _leaving(days: Days) -> list[Story]:
    return [
        Story("asks_to_leave", PHARMACY, CHAOYANG, [Event(days.ago(4), "request_termination")]),
        Story(
            "full_check",
            HOSPITAL,
            BDA,
            [
                Event(days.ago(50), "request_termination"),
                Event(days.ago(44), "decide_termination"),
                Event(days.ago(6), "order_full_check"),
            ],
            PRIVATE,
        ),
        Story("renewal_asked", HOSPITAL, CHAOYANG, [Event(days.ago(5), "request_renewal")], {"ownership": "public", "beds": 180}),
        Story("intended", PHARMACY, HAIDIAN, [Event(days.ago(2), "tell_intention", {"ground": "P40(7)"})]),
    ]


def _running(days: Days) -> list[Story]:
    return [
        Story(
            "changing",
            HOSPITAL,
            HAIDIAN,
            [Event(days.ago(4), "report_change", {"field": "address", "value": "北京市海淀区示例北路 18 号", "approved_on": days.ago(18)})],
            PRIVATE,
        ),
        Story(
            "department_suspended",
            HOSPITAL,
            CHAOYANG,
            [Event(days.ago(15), "suspend_part", {"department": "康复医学科", "to": days.today + timedelta(days=60)})],
            {"ownership": "public", "beds": 260},
        ),
        Story("held", PHARMACY, BDA, [Event(days.ago(12), "hold_settlement")]),
        Story("mediation", PHARMACY, CHAOYANG, [Event(days.ago(9), "request_mediation", {"text": "对本季度拨付进度有争议，请求协调。"})]),
    ]


def _ended(days: Days) -> list[Story]:
    return [
        Story(
            "terminated_here",
            HOSPITAL,
            BDA,
            [
                Event(days.ago(12), "terminate", {"ground": ["M43(3)"], "penalty_open": True}, id="termination of the demonstration"),
                Event(days.ago(9), "file", {"what": "termination"}),
                Event(days.ago(3), "file_remedy", {"against": "termination of the demonstration", "what": "reconsideration"}),
            ],
            {"ownership": "private", "category": "specialist"},
        ),
        Story("suspended_before", HOSPITAL, HAIDIAN, [Event(days.ago(70), "suspend", {"to": days.ago(50)})], PRIVATE),
    ]

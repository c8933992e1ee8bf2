"""What applications tell the floors below when the program starts: locks, timers, conflict sentences."""

from __future__ import annotations

from datetime import date

from applications import entry
from applications.models import Application
from casework import door, timers
from casework.refusals import Refusal
from casework.serving import counts_from_service
from deadlines.registry import Kind, kinds
from institutions.acts import settled
from institutions.models import Institution

kinds["supplement"] = Kind("材料核对与一次性告知", "duty", (3, 1), escalate_to=("district_agency", "city_agency"))
kinds["evaluation"] = Kind("评估期限", "duty", (15, 7, 3, 1), escalate_to=("city_agency", "city_bureau"))
kinds["re_evaluation_gate"] = Kind("整改期", "period", (7, 1))
kinds["notice_period"] = Kind("公示期", "period", ())
kinds["reconsideration"] = Kind("行政复议期限", "period", (15, 7))
kinds["lawsuit"] = Kind("行政诉讼期限", "period", (15, 7))

timers.register(Application)
counts_from_service(4, "refused")
door.constraint_messages["one_open_application"] = "该机构已有办理中的申请,不能重复提交。"


def application_in_hand(institution: Institution, day: date) -> Refusal | None:
    """What was declared with an application stands while it is in hand."""
    current = entry.open_application(institution, day)
    if current is None or current.state == "draft":
        return None
    return Refusal("state", f"申请{current}正在办理,已申报的资料不能更改。")


settled.holds.append(application_in_hand)

"""What applications tell the floors below when the program starts: locks, timers, conflict sentences."""
from __future__ import annotations

from casework import door, timers
from deadlines.registry import Kind, kinds

from applications.models import Application

kinds["supplement"] = Kind("材料核对与一次性告知", "duty", (3, 1), escalate_to=("district_agency", "city_agency"))
kinds["evaluation"] = Kind("评估期限", "duty", (15, 7, 3, 1), escalate_to=("city_agency", "city_bureau"))
kinds["re_evaluation_gate"] = Kind("整改期", "period", (7, 1))
kinds["notice_period"] = Kind("公示期", "period", ())
kinds["reconsideration"] = Kind("行政复议期限", "period", (15, 7))
kinds["lawsuit"] = Kind("行政诉讼期限", "period", (15, 7))

timers.register(Application)
door.constraint_messages["one_open_application"] = "该机构已有办理中的申请,不能重复提交。"

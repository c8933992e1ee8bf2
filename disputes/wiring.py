"""What disputes tell the floors below: timers."""

from __future__ import annotations

from casework import timers
from deadlines.registry import Kind, kinds
from disputes.models import Dispute

kinds["mediation"] = Kind("协调处理答复", "duty", (15, 7, 1), escalate_to=("city_bureau",))

timers.register(Dispute)

"""A small second reading of the law, without a line of the product.

Written from the readings R1–R14 alone: ``facts`` remembers what happened, ``agreement``, ``bans`` and ``settlement`` answer from it, and
the modules imported here say what each step does and why it is refused. Where the readings leave an outcome open, ``Open`` is raised and
the step is not tried. A step is a word of a written case with its fields, days as dates.
"""

from tests.model import adverse, changes, holding, leaving, renewal, road, suspension, suspension_at_request, termination, undoing
from tests.model.world import DECISIONS, Open, World

TAUGHT = (road, suspension, suspension_at_request, termination, leaving, renewal, changes, holding, adverse, undoing)

__all__ = ["DECISIONS", "TAUGHT", "Open", "World"]

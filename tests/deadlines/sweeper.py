"""A worker without a broker: sweeps until nothing is due, in small batches, as the tick does."""

import django

django.setup()

from deadlines import clock  # noqa: E402
from deadlines.timers import sweep  # noqa: E402

while not sweep(clock.now(), limit=50).done:
    pass

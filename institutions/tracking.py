"""Every field's history: what is added, changed or taken away leaves a row, by whatever road it was written."""

from collections.abc import Callable, Sequence

import pghistory
from django.db.models import Model


def tracked(exclude: Sequence[str] = ()) -> Callable[[type[Model]], type[Model]]:
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(exclude))

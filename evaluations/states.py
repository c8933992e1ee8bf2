"""Applications by their state of today, for lists: a notice may be over since the last act moved the stored state (R7)."""

from django.db.models import Exists, OuterRef, Q

from deadlines import clock
from evaluations.models import Objection


def in_state(state: str) -> Q:
    """Applications in this state today."""
    over = notice_over()
    if state == "negotiating":
        return Q(state__in=["negotiating", "public_notice"]) & (Q(state="negotiating") | over)  # said twice: the index knows only the first
    if state == "public_notice":
        return Q(state="public_notice") & ~over
    return Q(state=state)


def notice_over() -> Q:
    """The notice has been out its days and no objection is open: since then it is negotiated (R12)."""
    still = Objection.objects.filter(application=OuterRef("pk"), resolved_at__isnull=True)
    return Q(~Exists(still), state="public_notice", due_on__lt=clock.today())

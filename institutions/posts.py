"""Who holds the three posts, and where a person holds one (M12.7, M12.8)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from deadlines import clock
from institutions.models import Institution, Person, Post


def _on(day: date | None) -> Q:
    day = day or clock.today()
    return Q(from_on__lte=day) & (Q(to_on__isnull=True) | Q(to_on__gte=day))


def holders(institution: Institution, day: date | None = None) -> dict[str, Person]:
    """Post → person on that day (today); a post nobody holds is not there. One query."""
    return holders_of_each([institution.pk], day)[institution.pk]


def holders_of_each(institutions: Iterable[int], day: date | None = None) -> dict[int, dict[str, Person]]:
    """The same for several, by institution. One query."""
    found: dict[int, dict[str, Person]] = {pk: {} for pk in institutions}
    for row in Post.objects.filter(_on(day), institution__in=list(found)).select_related("person"):
        found[row.institution_id][row.post] = row.person
    return found


def person_ids(institution_ids: Iterable[int], day: date | None = None) -> set[int]:
    """Everybody in a post of these institutions on that day, for locks and checks of many at once. One query."""
    found = Post.objects.filter(_on(day), institution_id__in=list(institution_ids))
    return set(found.values_list("person_id", flat=True))


def institutions_of(person_ids: Iterable[int], day: date | None = None) -> list[Institution]:
    """Every institution, of any kind and district, with one of these people in a post on that day, by id. One query."""
    held = Post.objects.filter(_on(day), person_id__in=list(person_ids))
    return list(Institution.objects.filter(pk__in=held.values("institution_id")).order_by("pk"))


def appoint(institution: Institution, post: str, person: Person, from_on: date) -> Post:
    """The person takes the post from that day on; the holder before leaves it the day before, one already recorded as
    coming later still comes.

    A holder appointed that very day is replaced on the same row (its history keeps both). To be called inside the door.
    """
    rows = Post.objects.filter(institution=institution, post=post)
    current = rows.filter(_on(from_on)).first()
    if current is not None and current.from_on == from_on:
        current.person = person
        current.save(update_fields=["person"])
        return current
    if current is not None:
        current.to_on = from_on - timedelta(days=1)
        current.save(update_fields=["to_on"])
    later = rows.filter(from_on__gt=from_on).order_by("from_on").first()
    to_on = later.from_on - timedelta(days=1) if later is not None else None
    return Post.objects.create(institution=institution, post=post, person=person, from_on=from_on, to_on=to_on)

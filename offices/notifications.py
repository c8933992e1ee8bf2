"""Messages inside the platform. One per key, so that a sweep which runs twice tells nobody twice."""

from django.db.models import Q, QuerySet

from deadlines import clock
from offices.actors import Actor
from offices.models import Notification, Office, User


def notify(recipient: Office, kind: str, text: str, *, key: str, link: str = "", user: User | None = None) -> bool:
    """Tell an office, or one person in it; False when this key was told before. No identity numbers in ``text`` (M35)."""
    _, created = Notification.objects.get_or_create(
        key=key,
        defaults={"recipient": recipient, "user": user, "kind": kind, "text": text, "link": link},
    )
    return created


def inbox(actor: Actor) -> QuerySet[Notification]:
    """What this person sees: the office's messages and the person's own, newest first."""
    if actor.office_id is None:
        return Notification.objects.none()
    return Notification.objects.filter(Q(user__isnull=True) | Q(user_id=actor.user_id), recipient_id=actor.office_id)


def unread_count(actor: Actor) -> int:
    return inbox(actor).filter(read_at__isnull=True).count()


def mark_read(actor: Actor, *ids: int) -> int:
    """Mark these, or all when none is named, as read now; how many changed. An office's message is read once for all."""
    messages = inbox(actor).filter(read_at__isnull=True)
    return (messages.filter(pk__in=ids) if ids else messages).update(read_at=clock.now())

"""Issuing, finding and revoking tokens. The token itself is told once and never kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from api.models import Token
from deadlines import clock
from offices.actors import PUBLIC, Actor, actor_of
from offices.models import AccountEvent, Office, User

PREFIX = "dd_"
USUAL_DAYS = 30
MOST_DAYS = 90
MOST_TOKENS = 20


def issue(user: User, office: Office, *, name: str = "", days: int = USUAL_DAYS) -> tuple[Token, str]:
    """A new token of this user for this office, and its text."""
    text = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        office=office,
        name=name,
        digest=_digest(text),
        password_mark=user.get_session_auth_hash(),
        expires_at=clock.now() + timedelta(days=days),
    )
    AccountEvent.objects.create(user=user, office=office, what="签发接口令牌", by=user, reason=name)
    return token, text


def find(text: str) -> tuple[Token, Actor] | None:
    """The token behind a text and whom it makes of its user today; None once it expired or was revoked, the password was
    changed, the user locked, or the user's place in the office ended."""
    token = Token.objects.select_related("user").filter(digest=_digest(text), revoked_at__isnull=True, expires_at__gt=clock.now()).first()
    if token is None or not token.user.is_active or token.password_mark != token.user.get_session_auth_hash():
        return None
    actor = actor_of(token.user, token.office_id)
    return (token, actor) if actor != PUBLIC and actor.office_id == token.office_id else None


def revoke(token: Token, *, by: User) -> None:
    """End a token at once; the row stays."""
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        AccountEvent.objects.create(user=token.user, office_id=token.office_id, what="收回接口令牌", by=by, reason=token.name)


def alive(user: User) -> int:
    """How many tokens of the user can still be used."""
    return Token.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=clock.now()).count()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

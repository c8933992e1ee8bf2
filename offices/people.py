"""The people of an office: invited, locked, unlocked, given a new password, given or relieved of powers (M3, M29).

Who may do it: a supervisor within the own office, a supervisor of a district's agency for the institutions of the district,
the administrator for any office. Every step leaves an account event.
"""

import hashlib
import secrets
from datetime import timedelta

from axes.utils import reset as forget_failures
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_otp.plugins.otp_totp.models import TOTPDevice

from deadlines import clock
from offices import settings
from offices.actors import Actor
from offices.models import AccountEvent, Invitation, Membership, Office, Role, User
from offices.notifications import notify


class NotPossible(ValueError):
    """The step cannot be done; the message is for people."""


def may_manage(actor: Actor, office: Office) -> bool:
    """Whether the actor looks after the people of this office."""
    if actor.role == Role.ADMINISTRATOR:
        return True
    if not actor.supervisor:
        return False
    of_the_district = actor.role == Role.DISTRICT_AGENCY and office.role == Role.INSTITUTION and office.district_id == actor.district
    return actor.office_id == office.pk or of_the_district


def may_touch_account(actor: Actor, user: User) -> bool:
    """Whether the actor may lock the person or give out a new password: that opens every office the person is in.

    So a supervisor may only where all of these are the supervisor's own; else an institution could take over a clerk's
    account by inviting the clerk. A person who is in no office any more is left to the administrator.
    """
    if actor.role == Role.ADMINISTRATOR:
        return True
    not_over = Q(to_on__isnull=True) | Q(to_on__gte=clock.today())
    places = Membership.objects.filter(not_over, user=user).select_related("office")
    return bool(places) and all(may_manage(actor, place.office) for place in places)


def add_person(
    office: Office,
    username: str,
    full_name: str,
    *,
    password: str | None = None,
    may_review: bool = False,
    supervisor: bool = False,
    phone: str = "",
    email: str = "",
    by: User | None = None,
) -> Membership:
    """A new user with a place in an office. Without a password nobody can sign in until one is set by a link."""
    user = User.objects.create_user(username, password, full_name=full_name, phone=phone, email=email)
    return appoint(user, office, may_review=may_review, supervisor=supervisor, by=by)


def appoint(user: User, office: Office, *, may_review: bool, supervisor: bool, by: User | None) -> Membership:
    """Give a user a place in an office from today."""
    membership = Membership(user=user, office=office, may_review=may_review, supervisor=supervisor, from_on=clock.today())
    membership.full_clean()
    membership.save()
    _record(user, office, "加入单位", by, _powers(membership))
    return membership


@transaction.atomic
def change_powers(membership: Membership, *, may_review: bool, supervisor: bool, by: User | None, reason: str) -> None:
    """Give or take the power to approve and to look after people. An office with people keeps a supervisor."""
    office = Office.objects.select_for_update().get(pk=membership.office_id)
    if membership.supervisor and not supervisor and not another_supervisor(membership):
        raise NotPossible("这是本单位唯一的负责人。请先指定另一位负责人。")
    membership.may_review, membership.supervisor = may_review, supervisor
    membership.save(update_fields=["may_review", "supervisor"])
    _record(membership.user, office, "调整权限", by, f"{_powers(membership)}：{reason}")


def another_supervisor(membership: Membership) -> bool:
    """Whether the office has a supervisor besides this one who can sign in today."""
    others = Membership.objects.on(clock.today()).filter(office_id=membership.office_id, supervisor=True, user__is_active=True)
    return others.exclude(pk=membership.pk).exists()


@transaction.atomic
def lock(user: User, office: Office, *, by: User | None, reason: str) -> None:
    """Stop a person from signing in; sessions end with the next request."""
    if by is not None and by.pk == user.pk:
        raise NotPossible("不能锁定自己的账户。")
    if not user.is_active:
        raise NotPossible("该账户已锁定。")
    user.is_active = False
    user.save(update_fields=["is_active"])
    _record(user, office, "锁定账户", by, reason)


@transaction.atomic
def unlock(user: User, office: Office, *, by: User | None, reason: str) -> None:
    """Let a locked person sign in again, and forget failed attempts."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    forget_failures(username=user.username)
    _record(user, office, "解除锁定", by, reason)


def password_link(user: User) -> tuple[str, str]:
    """The two parts of a one-time link for a new password; it dies when used, at the next sign-in, or after some days."""
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def reset_password(user: User, office: Office, *, by: User | None) -> tuple[str, str]:
    """A link for whoever forgot the password; failed attempts are forgotten, the old password holds until the link is used."""
    if not user.is_active:
        raise NotPossible("该账户已锁定，请先解除锁定。")
    forget_failures(username=user.username)
    _record(user, office, "签发重设密码链接", by)
    # Whoever did not ask for it learns of it.
    told = f"{by or '系统'}为您签发了重设密码的链接。如非您本人要求，请立即联系平台管理员。"
    notify(office, "password", told, key=f"reset:{user.pk}:{clock.now().isoformat()}", user=user)
    return password_link(user)


def forget_second_factor(user: User, office: Office, *, by: User | None, reason: str) -> None:
    """Take away a lost one-time-password device; the person sets up another at the next sign-in."""
    TOTPDevice.objects.filter(user=user).delete()
    _record(user, office, "重置动态口令", by, reason)


def invite(
    office: Office, full_name: str, *, phone: str = "", may_review: bool = False, supervisor: bool = False, by: User
) -> tuple[Invitation, str]:
    """Invite a further person; the returned token is shown once and kept only as a digest."""
    token = secrets.token_urlsafe(24)
    days = settings.value("invitation_days", clock.today())
    invitation = Invitation.objects.create(
        office=office,
        full_name=full_name,
        phone=phone,
        may_review=may_review,
        supervisor=supervisor,
        invited_by=by,
        token_digest=_digest(token),
        expires_at=clock.now() + timedelta(days=days),
    )
    return invitation, token


def open_invitation(token: str) -> Invitation | None:
    """The invitation behind a link while it can be used."""
    found = Invitation.objects.filter(
        token_digest=_digest(token),
        used_at__isnull=True,
        withdrawn_at__isnull=True,
        expires_at__gt=clock.now(),
        office__active=True,
    )
    return found.select_related("office", "invited_by").first()


@transaction.atomic
def accept_invitation(token: str, *, username: str, password: str) -> Membership:
    """Use the link: a new user in the office. A second use of the same link is refused."""
    invitation = Invitation.objects.select_for_update().filter(token_digest=_digest(token)).first()
    if invitation is None or invitation != open_invitation(token):
        raise NotPossible("邀请链接已失效，请联系邀请人重新发送。")
    if User.objects.filter(username=username).exists():
        raise ValidationError({"username": "这个用户名已被使用，请换一个。"})
    membership = add_person(
        invitation.office,
        username,
        invitation.full_name,
        password=password,
        phone=invitation.phone,
        may_review=invitation.may_review,
        supervisor=invitation.supervisor,
        by=invitation.invited_by,
    )
    invitation.used_at, invitation.used_by = clock.now(), membership.user
    invitation.save(update_fields=["used_at", "used_by"])
    return membership


@transaction.atomic
def join_by_invitation(token: str, user: User) -> Membership:
    """Use the link as somebody who already has an account: a further office for the same person."""
    invitation = Invitation.objects.select_for_update().filter(token_digest=_digest(token)).first()
    if invitation is None or invitation != open_invitation(token):
        raise NotPossible("邀请链接已失效，请联系邀请人重新发送。")
    if Membership.objects.on(clock.today()).filter(user=user, office=invitation.office).exists():
        raise NotPossible("您已在该单位。")
    others = Membership.objects.on(clock.today()).filter(user=user).exclude(office__role=invitation.office.role)
    if Role.INSTITUTION in {invitation.office.role, *others.values_list("office__role", flat=True)} and others.exists():
        raise NotPossible("医药机构的账户不能与医保部门、经办机构等单位共用，请退出登录后另设账户。")
    membership = appoint(
        user, invitation.office, may_review=invitation.may_review, supervisor=invitation.supervisor, by=invitation.invited_by
    )
    invitation.used_at, invitation.used_by = clock.now(), user
    invitation.save(update_fields=["used_at", "used_by"])
    return membership


def withdraw_invitation(invitation: Invitation) -> None:
    """Take an unused invitation back."""
    Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=clock.now())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _powers(membership: Membership) -> str:
    powers = [title for title, held in (("可复核", membership.may_review), ("负责人", membership.supervisor)) if held]
    return "、".join(powers) or "经办"


def _record(user: User, office: Office | None, what: str, by: User | None, reason: str = "") -> None:
    AccountEvent.objects.create(user=user, office=office, what=what, by=by, reason=reason[:500])

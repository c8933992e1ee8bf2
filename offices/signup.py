"""An institution asks for access by uscc and licence number; the agency of its district answers (M7, R16).

Institutions live on a floor above, so that floor registers what it knows: ``checks`` say what is wrong with a request
before it is taken (a code with a wrong check digit), ``find_office`` knows the office of an institution that is already on
the books, ``on_confirmed`` finds or makes the institution and ties it to its office.
"""

import secrets
from collections.abc import Callable

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from deadlines import clock
from offices.actors import Actor
from offices.directory import NoOffice, district_agency
from offices.models import AccountEvent, Membership, Office, Role, SignUp, User
from offices.notifications import notify

# Each takes the unsaved request and returns {field: sentence} for what is wrong with it.
checks: list[Callable[[SignUp], dict[str, str]]] = []
# Each takes the request and returns the office that the institution already has, or None.
find_office: list[Callable[[SignUp], Office | None]] = []
# Each takes the confirmed request and its office, inside the same transaction.
on_confirmed: list[Callable[[SignUp, Office], None]] = []


class NotPossible(ValueError):
    """The request cannot be taken or answered; the message is for people."""


def complaints(request: SignUp) -> dict[str, str]:
    """What is wrong with a request, by field; empty when it can be taken."""
    found: dict[str, str] = {}
    if User.objects.filter(username=request.username).exists() or _waiting().filter(username=request.username).exists():
        found["username"] = "这个用户名已被使用，请换一个。"
    if _waiting().filter(uscc=request.uscc).exists():
        found["uscc"] = "该机构已提交注册，正在核对中。请用查询码查看进度，或联系所在区经办机构。"
    for check in checks:
        found = check(request) | found
    return found


@transaction.atomic
def ask(request: SignUp, password: str) -> SignUp:
    """Take the request in; the password is kept as a digest only. Tells the district's agency."""
    request.password = make_password(password)
    request.code = secrets.token_hex(8).upper()
    request.save()
    try:
        agency = district_agency(request.district_id)
    except NoOffice:
        return request
    notify(agency, "sign_up", f"{request.name}申请注册，请核对。", key=f"sign_up:{request.pk}", link=f"/account/sign-ups/{request.pk}/")
    return request


@transaction.atomic
def confirm(request: SignUp, actor: Actor) -> Membership:
    """Open the account: office, user and place as supervisor; the floors above tie the institution to it.

    An institution with people already is not opened a second time: its own supervisor invites.
    """
    request = _lock(request, actor)
    if User.objects.filter(username=request.username).exists():
        raise NotPossible("用户名已被他人使用，请不予开通并请机构换一个用户名重新提交。")
    office = _office(request)
    request.office = office
    for hook in on_confirmed:
        hook(request, office)
    user = User(username=request.username, full_name=request.contact, phone=request.phone, email=request.email, password=request.password)
    user.full_clean(exclude=["password"])
    user.save()
    membership = Membership.objects.create(user=user, office=office, supervisor=True, may_review=True, from_on=clock.today())
    _answer(request, SignUp.State.CONFIRMED, "", actor)
    AccountEvent.objects.create(user=user, office=office, what="注册开通", by_id=actor.user_id)
    return membership


@transaction.atomic
def decline(request: SignUp, actor: Actor, reason: str) -> None:
    """Answer that no account is opened, and why."""
    if not reason.strip():
        raise NotPossible("请写明不予开通的理由。")
    _answer(_lock(request, actor), SignUp.State.DECLINED, reason.strip(), actor)


def _office(request: SignUp) -> Office:
    for hook in find_office:
        office = hook(request)
        if office is None:
            continue
        if Membership.objects.on(clock.today()).filter(office=office, user__is_active=True).exists():
            raise NotPossible("该机构已有账户，请其负责人邀请同事，或者为其重设密码。")
        return office
    return Office.objects.create(
        role=Role.INSTITUTION,
        district_id=request.district_id,
        name=request.name,
        phone=request.phone,
        contact=request.contact,
    )


def may_answer(actor: Actor, request: SignUp) -> bool:
    """Only the agency of the request's own district (M7, R16)."""
    return actor.role == Role.DISTRICT_AGENCY and actor.district == request.district_id


def _lock(request: SignUp, actor: Actor) -> SignUp:
    if not may_answer(actor, request):
        raise PermissionError("只有机构所在区的经办机构可以核对注册。")
    request = SignUp.objects.select_for_update().get(pk=request.pk)
    if request.state != SignUp.State.WAITING:
        raise NotPossible("该注册已处理，请刷新页面查看结果。")
    return request


def _answer(request: SignUp, state: SignUp.State, reason: str, actor: Actor) -> None:
    request.state, request.reason = state, reason
    request.decided_by_id, request.decided_at = actor.user_id, clock.now()
    request.password = ""  # the digest has done its work
    request.save()


def _waiting() -> QuerySet[SignUp]:
    return SignUp.objects.filter(state=SignUp.State.WAITING)

"""Tokens: signed in for by name and password, listed, revoked (M3, M29)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, NotFound, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from api import tokens
from api.authentication import SignedIn
from api.base import Listing, View
from api.given import body_of
from api.models import Token
from api.paging import LARGEST
from api.problems import Unusable
from offices import second_factors
from offices.actors import memberships_of
from offices.models import Membership, User


class TokenIn(serializers.Serializer[Any]):
    """Who signs in, and for which office."""

    username = serializers.CharField(max_length=150, help_text="用户名。")
    password = serializers.CharField(max_length=128, trim_whitespace=False, help_text="密码。")
    one_time_password = serializers.CharField(max_length=6, required=False, help_text="动态口令；启用了动态口令的必填。")
    office = serializers.IntegerField(min_value=1, max_value=LARGEST, required=False, help_text="代表哪个单位；只在一个单位任职的可不填。")
    name = serializers.CharField(max_length=60, required=False, allow_blank=True, help_text="令牌的名称，便于日后辨认。")
    days = serializers.IntegerField(
        min_value=1, max_value=tokens.MOST_DAYS, required=False, help_text=f"有效天数，默认{tokens.USUAL_DAYS}天。"
    )


class TokenOut(serializers.ModelSerializer[Token]):
    """A token, without its text."""

    office_name = serializers.CharField(source="office.name", help_text="单位名称。")

    class Meta:
        model = Token
        fields = ["id", "name", "office", "office_name", "created_at", "expires_at", "revoked_at"]
        read_only_fields = fields


class NewTokenOut(TokenOut):
    """A token with its text, told this once."""

    token = serializers.SerializerMethodField(help_text="令牌，只显示这一次。")

    class Meta(TokenOut.Meta):
        fields = [*TokenOut.Meta.fields, "token"]
        read_only_fields = fields

    def get_token(self, row: Token) -> str:
        return str(self.context["text"])


class Tokens(Listing[Token]):
    """One's own tokens; and a new one for a name and a password. Five failures lock the name for a while, as on the page."""

    tag, title, post_title = "令牌", "列出自己的令牌", "以用户名和密码签发令牌"
    clauses = ("M3", "M29")
    serializer_class = TokenOut
    queryset = Token.objects.none()  # for the interface description
    body, answer, status = TokenIn, NewTokenOut, 201

    def get_permissions(self) -> list[Any]:
        return [] if self.request.method == "POST" else list(super().get_permissions())

    @property
    def rate(self) -> str:
        return "sign_in" if self.request.method == "POST" else ""

    def get_queryset(self) -> QuerySet[Token]:
        return Token.objects.filter(user=_user(self.request)).select_related("office")

    @sensitive_variables()
    def post(self, request: Request) -> Response:
        given = TokenIn(data=body_of(request))
        given.is_valid(raise_exception=True)
        data = given.validated_data
        user = self.known(request, data["username"], data["password"])
        self.may_sign_in(user, data.get("one_time_password", ""))
        place = chosen(memberships_of(user), data.get("office"))
        if tokens.alive(user) >= tokens.MOST_TOKENS:
            raise Unusable({"__all__": [f"有效的令牌已有{tokens.MOST_TOKENS}个，请先收回不用的。"]})
        days = data.get("days", tokens.USUAL_DAYS)
        row, text = tokens.issue(user, place.office, name=data.get("name", ""), days=days)
        user_logged_in.send(sender=User, request=request._request, user=user)
        return Response(NewTokenOut(row, context={"text": text}).data, status=201)

    @staticmethod
    @sensitive_variables()
    def known(request: Request, username: str, password: str) -> User:
        inner: Any = request._request
        user = authenticate(inner, username=username, password=password)
        if getattr(inner, "axes_locked_out", False):
            inner.axes_locked_out = False  # or axes would answer with a page
            raise Throttled(wait=settings.AXES_COOLOFF_TIME * 3600)
        if not isinstance(user, User):
            raise AuthenticationFailed("用户名或密码不正确。")
        return user

    @staticmethod
    def may_sign_in(user: User, number: str) -> None:
        """What stops somebody with the right password. Raises AuthenticationFailed."""
        if user.must_change_password:
            raise AuthenticationFailed("请先在网页上登录并更改密码。")
        if not second_factors.needed(user):
            return
        device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
        if device is None:
            raise AuthenticationFailed("须用动态口令登录，请先在网页上启用动态口令。")
        allowed, _ = device.verify_is_allowed()
        if not (allowed and number.isascii() and number.isdecimal() and device.verify_token(number)):
            raise AuthenticationFailed("动态口令不对或已用过，请等下一组数字出现后再试。")


def chosen(places: list[Membership], office: int | None) -> Membership:
    """The place to act for; of several one must be named. Raises Unusable."""
    if not places:
        raise Unusable({"office": ["您目前不在任何单位任职，不能签发令牌。"]})
    if office is None and len(places) == 1:
        return places[0]
    for place in places:
        if place.office_id == office:
            return place
    listed = "、".join(f"{place.office_id}({place.office.name})" for place in places)
    raise Unusable({"office": [f"请填写所代表单位的编号：{listed}。"]})


class TokenDetail(View):
    tag, title = "令牌", "收回一个令牌"
    status = 204

    def delete(self, request: Request, pk: int) -> Response:
        user = _user(request)
        row = Token.objects.filter(user=user, pk=pk).first()
        if row is None:
            raise NotFound
        tokens.revoke(row, by=user)
        return Response(status=204)


class MeOut(serializers.Serializer[Any]):
    """Who the token acts as."""

    user = serializers.IntegerField(help_text="用户编号。")
    name = serializers.CharField(help_text="姓名。")
    role = serializers.CharField(help_text="单位类别。")
    office = serializers.IntegerField(help_text="单位编号。")
    office_name = serializers.CharField(help_text="单位名称。")
    district = serializers.CharField(allow_null=True, help_text="所在区的区划代码；市级为 null。")
    institution = serializers.IntegerField(allow_null=True, help_text="机构编号；不是医药机构的为 null。")
    may_review = serializers.BooleanField(help_text="可否复核。")
    token = serializers.IntegerField(help_text="所用令牌的编号。")


class Me(View):
    tag, title = "令牌", "查看令牌代表谁"
    answer = MeOut

    def get(self, request: Request) -> Response:
        actor = self.actor
        assert isinstance(request.auth, SignedIn)
        body = {
            "user": actor.user_id,
            "name": actor.user_name,
            "role": actor.role,
            "office": actor.office_id,
            "office_name": actor.office_name,
            "district": actor.district,
            "institution": actor.institution_id,
            "may_review": actor.may_review,
            "token": request.auth.token.pk,
        }
        return Response(MeOut(body).data)


def _user(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user

"""``Authorization: Bearer …``, and nothing else: a browser's session opens no API address, so nothing can be forged across sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api import tokens
from api.models import Token
from offices.actors import Actor
from offices.models import User

SCHEME = "bearer"


@dataclass(frozen=True)
class SignedIn:
    """What ``request.auth`` holds: the token used, and who acts by it."""

    token: Token
    actor: Actor


class BearerAuthentication(BaseAuthentication):
    """Reads the token of ``api.tokens``."""

    def authenticate(self, request: Request) -> tuple[User, SignedIn] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        found = tokens.find(text.strip())
        if found is None:
            raise AuthenticationFailed("令牌无效、已过期或已收回，请重新签发。")
        token, actor = found
        return token.user, SignedIn(token, actor)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="dingdian"'


class BearerScheme(OpenApiAuthenticationExtension):
    """How the interface description names it."""

    target_class = "api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": SCHEME, "description": "先用 POST /api/v1/tokens 以用户名和密码签发令牌。"}

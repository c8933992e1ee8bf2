"""What a view gets: Django's request as ``offices.middleware`` completes it."""

from django.http import HttpRequest

from offices.actors import Actor
from offices.models import Membership, User


class Request(HttpRequest):
    """Any request: the actor is PUBLIC where nobody is signed in."""

    actor: Actor
    places: list[Membership]


class SignedIn(Request):
    """A request to an address that is not in PUBLIC_URLS."""

    user: User

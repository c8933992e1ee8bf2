"""Who comes to the desk at all. For everybody else its addresses do not exist (404, never 403)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from offices.models import Role

AGENCIES = frozenset({Role.CITY_AGENCY, Role.DISTRICT_AGENCY})
BUREAUS = frozenset({Role.CITY_BUREAU, Role.DISTRICT_BUREAU})
READERS = AGENCIES | BUREAUS | {Role.AUDITOR}
EVERYBODY = READERS | {Role.THIRD_PARTY}

View = Callable[..., HttpResponseBase]


def only(*roles: Role) -> Callable[[View], View]:
    """Decorator: the page is there for these roles."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.actor.role not in roles:  # type: ignore[attr-defined]
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate

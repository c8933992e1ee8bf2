"""Nothing is open that is not listed: every address is tried by somebody who is not signed in."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

ARGUMENTS = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


def patterns(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Every (name, address) of the product, arguments filled in."""
    for entry in resolver.url_patterns:
        address = prefix + filled(entry)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, address, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", address


def filled(entry: URLPattern | URLResolver) -> str:
    route = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(written, ARGUMENTS.get(kind, "1"))
    return route


PAGES = [(name, f"/{address}") for name, address in patterns(get_resolver()) if not name.startswith(f"{settings.API_NAMESPACE}:")]


@pytest.mark.clause("M3")
@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), [page for page in PAGES if page[0] not in settings.PUBLIC_URLS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_that_is_not_listed_leads_to_signing_in(client, name, address, method):
    response = getattr(client, method)(address)
    assert response.status_code == 302, f"{name} answered {response.status_code} to somebody not signed in"
    assert response["Location"].startswith("/login/?next=")


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), [page for page in PAGES if page[0] in settings.PUBLIC_URLS])
def test_a_listed_address_answers_everybody(client, name, address):
    assert client.get(address).status_code in (200, 404, 410)


def test_no_listed_name_is_out_of_date():
    assert {name for name, _ in PAGES} >= settings.PUBLIC_URLS


@pytest.mark.django_db
def test_a_part_of_a_page_asked_for_after_signing_out_leads_to_signing_in(client):
    response = client.get("/account/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, "/login/")

"""All addresses of the product."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from config.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("", include("documents.urls")),
]
if find_spec("api.urls"):
    urlpatterns.append(path("api/", include("api.urls")))
if find_spec("pages.urls"):
    urlpatterns.append(path("", include("pages.urls")))

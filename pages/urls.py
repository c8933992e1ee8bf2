"""All pages. Each part keeps its own list of addresses."""

from django.urls import URLPattern, URLResolver, include, path

from pages import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("", include("pages.accounts.urls")),
    path("administration/", include("pages.administration.urls")),
    path("desk/", include("pages.desk.urls")),
    path("portal/", include("pages.portal.urls")),
    path("public/", include("pages.public.urls")),
]

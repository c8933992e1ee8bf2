"""The product's addresses and a bare one."""

from django.urls import include, path

from bench.bare import Bare

urlpatterns = [
    path("bench/", include(([path("bare/<str:code>", Bare.as_view(), name="bare")], "bench"))),
    path("", include("config.urls")),
]

"""The worker processes of the tests serve no pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

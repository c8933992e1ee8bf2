"""Offices, people and settings."""

from django.urls import path

from pages.administration import views

app_name = "administration"
urlpatterns = [
    path("offices/", views.offices, name="offices"),
    path("offices/new/", views.office, name="office_new"),
    path("offices/<int:pk>/", views.office, name="office"),
    path("accounts/", views.account_log, name="account_log"),
    path("settings/", views.settings, name="settings"),
    path("settings/<str:key>/", views.setting, name="setting"),
]

"""Addresses of documents; those under /verify/ are public."""

from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verified, name="verified"),
    path("verify/<str:code>/file/", views.public_file, name="public_file"),
    path("documents/<int:pk>/", views.file, name="file"),
]

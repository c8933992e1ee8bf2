"""What everybody may read without signing in. Each name stands in settings.PUBLIC_URLS, or it would be closed."""

from django.urls import path

from pages.public import calculator, downloads, guidance, institutions, notices

app_name = "public"
urlpatterns = [
    path("institutions/", institutions.designated, name="designated"),
    path("institutions/download.<str:form>", downloads.designated, name="designated_download"),
    path("institutions/<int:pk>/", institutions.institution, name="institution"),
    path("notices/", notices.to_be_signed, name="notices"),
    path("notices/download.<str:form>", downloads.to_be_signed, name="notices_download"),
    path("notices/<int:pk>/object/", notices.objection, name="objection"),
    path("notices/<int:pk>/object/done/", notices.objection_done, name="objection_done"),
    path("terminated/", institutions.terminated, name="terminated"),
    path("terminated/download.<str:form>", downloads.terminated, name="terminated_download"),
    path("guide/", guidance.guide, name="guide"),
    path("guide/<str:kind>/", guidance.guide_for, name="guide_for"),
    path("calculator/", calculator.calculator, name="calculator"),
]

"""The portal of institutions, and the files of materials for whoever may see their application."""

from django.urls import path

from pages.portal import answering, apply, asking, comments, draft, ending, files, home, living, papers, record, signing, status

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("apply/", apply.check, name="apply"),
    path("apply/<int:pk>/", apply.check, name="apply_for"),
    path("applications/<int:pk>/", status.application, name="application"),
    path("applications/<int:pk>/log/", status.log, name="log"),
    path("applications/<int:pk>/draft/", draft.tasks, name="draft"),
    path("applications/<int:pk>/draft/materials/<str:name>/", draft.slot, name="slot"),
    path("applications/<int:pk>/draft/statements/", draft.statements, name="statements"),
    path("applications/<int:pk>/draft/check/", draft.check, name="check_answers"),
    path("applications/<int:pk>/filed/", draft.filed, name="filed"),
    path("applications/<int:pk>/supplement/", answering.supplement, name="supplement"),
    path("applications/<int:pk>/evidence/", answering.evidence, name="evidence"),
    path("applications/<int:pk>/withdraw/", ending.withdraw, name="withdraw"),
    path("applications/<int:pk>/decline/", ending.decline, name="decline"),
    path("applications/<int:pk>/agreement/", signing.agreement, name="agreement"),
    path("agreements/<int:pk>/", living.living, name="living"),
    path("agreements/<int:pk>/<str:word>/", asking.ask, name="ask"),
    path("disputes/", asking.disputes, name="disputes"),
    path("disputes/<str:word>/", asking.dispute, name="dispute"),
    path("settlement/", living.settlement, name="settlement"),
    path("materials/<int:pk>/", files.material, name="material"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("documents/", papers.inbox, name="documents"),
    path("documents/<int:pk>/", papers.paper, name="paper"),
    path("documents/<int:pk>/confirm/", papers.confirm, name="confirm"),
    path("consent/", papers.consent, name="consent"),
    path("record/", record.record, name="record"),
    path("record/<str:what>/", record.fill_in, name="fill_in"),
    path("templates/<int:pk>/", comments.template, name="template"),
]

"""Addresses of the API. One per act of the registry and subject; whatever else is asked for below /api/ is told as a problem."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from api import directory, docs, proposals, settlement, settlement_feed, sign_in
from api.acts import DoAct, DoMany
from api.base import Nowhere
from api.public import dates, lists, materials, papers, standing
from api.reading import agreements, applications, attachments, cases, disputes, documents, institutions, people
from api.subjects import BY_MODEL, COLLECTIONS
from casework.acts import registry

app_name = "api"


def act_routes() -> list[URLPattern]:
    """Every act under its subject's collection; acts without a subject, and those offered for many rows, under /acts/."""
    found = []
    for word, act in registry.items():
        if act.subject is None:
            found.append(path(f"v1/acts/{word}", DoAct.as_view(act=act, tag="设置"), name=f"act-{word}"))
            continue
        collection = BY_MODEL[act.subject]
        view = DoAct.as_view(act=act, tag=collection.title)
        found.append(path(f"v1/{collection.name}/<int:pk>/acts/{word}", view, name=f"{collection.name}-{word}"))
        if act.in_batches:
            found.append(path(f"v1/acts/{word}", DoMany.as_view(act=act, tag=collection.title), name=f"many-{word}"))
    return found


def case_routes() -> list[URLPattern]:
    """Papers, deadlines and log of each case."""
    found = []
    for collection in COLLECTIONS[:4]:
        for name, view in (("deadlines", cases.CaseDeadlines), ("documents", cases.CaseDocuments), ("log", cases.CaseLog)):
            address = f"v1/{collection.name}/<int:pk>/{name}"
            found.append(path(address, view.as_view(model=collection.model), name=f"{collection.name}-{name}"))
    return found


urlpatterns = [
    path("docs/", docs.page, name="docs"),
    path("v1/openapi.json", docs.OpenApi.as_view(), name="openapi"),
    path("v1/tokens", sign_in.Tokens.as_view(), name="tokens"),
    path("v1/tokens/<int:pk>", sign_in.TokenDetail.as_view(), name="token"),
    path("v1/me", sign_in.Me.as_view(), name="me"),
    path("v1/offices", directory.Offices.as_view(), name="offices"),
    path("v1/colleagues", directory.Colleagues.as_view(), name="colleagues"),
    path("v1/applications", applications.ApplicationList.as_view(), name="applications"),
    path("v1/applications/<int:pk>", applications.ApplicationDetail.as_view(), name="application"),
    path("v1/applications/<int:pk>/materials", applications.ApplicationMaterials.as_view(), name="applications-materials"),
    path("v1/applications/<int:pk>/materials/<int:material>/file", applications.MaterialFile.as_view(), name="material-file"),
    path("v1/applications/<int:pk>/evaluations", applications.ApplicationEvaluations.as_view(), name="applications-evaluations"),
    path("v1/agreements", agreements.AgreementList.as_view(), name="agreements"),
    path("v1/agreements/<int:pk>", agreements.AgreementDetail.as_view(), name="agreement"),
    path("v1/institutions", institutions.InstitutionList.as_view(), name="institutions"),
    path("v1/institutions/<int:pk>", institutions.InstitutionDetail.as_view(), name="institution"),
    path("v1/disputes", disputes.DisputeList.as_view(), name="disputes"),
    path("v1/disputes/<int:pk>", disputes.DisputeDetail.as_view(), name="dispute"),
    path("v1/institutions/<int:pk>/attachments", attachments.InstitutionAttachments.as_view(), name="institutions-attachments"),
    path("v1/attachments/<int:pk>/file", attachments.AttachmentFile.as_view(), name="attachment-file"),
    path("v1/institutions/<int:pk>/bans", institutions.InstitutionBans.as_view(), name="institutions-bans"),
    path("v1/institutions/<int:pk>/may-apply", institutions.MayApply.as_view(), name="institutions-may-apply"),
    path("v1/people", people.PersonList.as_view(), name="people"),
    path("v1/people/<int:pk>", people.PersonDetail.as_view(), name="person"),
    path("v1/documents", documents.DocumentList.as_view(), name="documents"),
    path("v1/documents/<int:pk>", documents.DocumentDetail.as_view(), name="document"),
    path("v1/documents/<int:pk>/file", documents.DocumentFile.as_view(), name="document-file"),
    path("v1/deadlines", cases.DeadlineList.as_view(), name="deadlines"),
    path("v1/records", cases.RecordList.as_view(), name="records"),
    path("v1/records/<int:pk>", cases.RecordDetail.as_view(), name="record"),
    path("v1/proposals", proposals.ProposalList.as_view(), name="proposals"),
    path("v1/proposals/<int:pk>", proposals.ProposalDetail.as_view(), name="proposal"),
    path("v1/proposals/<int:pk>/confirm", proposals.Confirm.as_view(), name="proposal-confirm"),
    path("v1/proposals/<int:pk>/return", proposals.Return.as_view(), name="proposal-return"),
    path("v1/proposals/<int:pk>/withdraw", proposals.Withdraw.as_view(), name="proposal-withdraw"),
    path("v1/settlement/answers/<str:code>", settlement.SettlementAnswer.as_view(), name="settlement-answer"),
    path("v1/settlement/answers", settlement.SettlementAnswers.as_view(), name="settlement-answers"),
    path("v1/settlement/snapshot", settlement_feed.SettlementSnapshot.as_view(), name="settlement-snapshot"),
    path("v1/settlement/changes", settlement_feed.SettlementChanges.as_view(), name="settlement-changes"),
    path("v1/public/institutions", lists.Designated.as_view(), name="public-institutions"),
    path("v1/public/institutions/<int:pk>", standing.PublicInstitution.as_view(), name="public-institution"),
    path("v1/public/notices", lists.Notices.as_view(), name="public-notices"),
    path("v1/public/terminations", lists.Terminations.as_view(), name="public-terminations"),
    path("v1/public/verification", papers.Verification.as_view(), name="public-verification"),
    path("v1/public/documents/<str:code>/file", papers.PublicDocumentFile.as_view(), name="public-document-file"),
    path("v1/public/calendar", dates.Calendar.as_view(), name="public-calendar"),
    path("v1/public/calculator", dates.Calculator.as_view(), name="public-calculator"),
    path("v1/public/materials", materials.MaterialsList.as_view(), name="public-materials"),
    path("v1/public/templates", lists.Templates.as_view(), name="public-templates"),
    *case_routes(),
    *act_routes(),
    re_path(r"^", Nowhere.as_view(), name="nowhere"),
]

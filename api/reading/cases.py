"""What every case has: papers, deadlines, log. One view each for all cases, one for the cases of a collection."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import generics

from api.base import Listing, View
from api.filters import DeadlineFilter, RecordFilter
from api.reading.documents import DocumentOut, with_parts
from api.reading.shared import DeadlineOut, RecordOut, visible_deadlines, visible_records
from api.subjects import find, visible
from casework.models import ActRecord
from deadlines.models import Deadline
from documents.models import Document
from institutions.models import Institution


class DeadlineList(Listing[Deadline]):
    tag, title = "时限", "列出时限"
    clauses = ("R1", "R2")
    serializer_class = DeadlineOut
    filterset_class = DeadlineFilter

    def get_queryset(self) -> QuerySet[Deadline]:
        return visible_deadlines(self.actor)


class RecordList(Listing[ActRecord]):
    tag, title = "办理记录", "列出办理记录"
    clauses = ("M26",)
    description = "申请机构看到本机构的记录，以及使事项状态改变的记录(不含经办内容)。"
    serializer_class = RecordOut
    filterset_class = RecordFilter

    def get_queryset(self) -> QuerySet[ActRecord]:
        return visible_records(self.actor)


class RecordDetail(View, generics.RetrieveAPIView[ActRecord]):
    tag, title = "办理记录", "查看一条办理记录"
    clauses = ("M26",)
    serializer_class = RecordOut

    def get_queryset(self) -> QuerySet[ActRecord]:
        return visible_records(self.actor)


class OfCase(View):
    """Base of lists below one case; a case that the actor may not see has none of them (404)."""

    model: Any = None  # of the case

    def about(self) -> Q:
        """The rows of this case, by label and id; of an institution, those of all its cases."""
        case = find(self.model, self.kwargs["pk"], self.actor)
        if self.model is Institution:
            return Q(institution_id=case.pk)
        return Q(case_label=case._meta.model_name, case_id=case.pk)


class CaseDeadlines(OfCase, DeadlineList):
    title = "列出事项的时限"
    queryset = Deadline.objects.none()  # for the interface description

    def get_queryset(self) -> QuerySet[Deadline]:
        return visible_deadlines(self.actor).filter(self.about())


class CaseLog(OfCase, RecordList):
    title = "列出事项的办理记录"
    queryset = ActRecord.objects.none()

    def get_queryset(self) -> QuerySet[ActRecord]:
        return visible_records(self.actor).filter(self.about())


class CaseDocuments(OfCase, Listing[Document]):
    tag, title = "文书", "列出事项的文书"
    queryset = Document.objects.none()
    clauses = ("M26",)
    serializer_class = DocumentOut

    def get_queryset(self) -> QuerySet[Document]:
        about = self.about()
        rows = with_parts(visible(Document, self.actor))
        if self.model is Institution:
            return rows.filter(subjects__institution_id=self.kwargs["pk"])
        return rows.filter(about)

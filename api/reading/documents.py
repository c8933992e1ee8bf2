"""Documents: what was issued to whom, how it was served, its PDF by permission."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from rest_framework import generics, serializers
from rest_framework.request import Request

from api.base import Listing, View
from api.filters import DocumentFilter
from api.reading.shared import Text, file_response
from api.subjects import find, visible
from documents.models import Document, ProofOfService
from documents.rendering import pdf


class ProofOut(serializers.ModelSerializer[ProofOfService]):
    """How and when a document reached its addressee."""

    class Meta:
        model = ProofOfService
        fields = ["method", "delivered_on", "served_on", "addressee"]
        read_only_fields = fields


class DocumentOut(serializers.ModelSerializer[Document]):
    """One issued document; nothing issued is ever changed."""

    issuer = serializers.CharField(source="issuer.name", help_text="发文机关。")
    code = serializers.CharField(source="readable_code", help_text="核验码。")
    institution_ids = serializers.SerializerMethodField(help_text="所涉机构的编号。")
    supersedes = serializers.IntegerField(source="supersedes_id", allow_null=True, help_text="所代替的文书。")
    served = ProofOut(source="proofs", many=True, read_only=True, help_text="有效的送达记录。")
    url = Text(lambda row: f"/api/v1/documents/{row.pk}")
    file = Text(lambda row: f"/api/v1/documents/{row.pk}/file", help_text="PDF 的地址。")

    class Meta:
        model = Document
        fields = [
            "id",
            "catalogue",
            "number",
            "title",
            "issuer",
            "recipient",
            "issued_on",
            "digest",
            "code",
            "case_label",
            "case_id",
            "institution_ids",
            "supersedes",
            "voided_at",
            "void_reason",
            "served",
            "url",
            "file",
        ]
        read_only_fields = fields

    def get_institution_ids(self, row: Document) -> list[int]:
        return [each.institution_id for each in row.subjects.all()]


def with_parts(rows: QuerySet[Any]) -> QuerySet[Any]:
    standing = Prefetch("proofs", ProofOfService.objects.filter(voided_at__isnull=True))
    return rows.select_related("issuer").prefetch_related("subjects", standing).defer("data")


class DocumentList(Listing[Document]):
    tag, title = "文书", "列出文书"
    clauses = ("M26",)
    serializer_class = DocumentOut
    filterset_class = DocumentFilter

    def get_queryset(self) -> QuerySet[Document]:
        return with_parts(visible(Document, self.actor))


class DocumentDetail(View, generics.RetrieveAPIView[Document]):
    tag, title = "文书", "查看一份文书"
    clauses = ("M26",)
    serializer_class = DocumentOut

    def get_queryset(self) -> QuerySet[Document]:
        return with_parts(visible(Document, self.actor))


class DocumentFile(View):
    tag, title = "文书", "下载文书的 PDF"
    clauses = ("M26",)
    binary = "application/pdf"

    def get(self, request: Request, pk: int) -> HttpResponse:
        document = find(Document, pk, self.actor)
        return file_response(pdf(document), f"{document.number} {document.title}.pdf", "application/pdf")

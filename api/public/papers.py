"""Whether a paper is genuine, and the papers that are public."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Open
from api.public.shared import TAG, asked_in
from api.reading.shared import file_response
from documents import verification
from documents.access import visible_to as readable_documents
from documents.codes import normalised
from documents.rendering import pdf
from offices.actors import PUBLIC


class VerifyIn(forms.Form):
    q = forms.CharField(label="文号，或文书上的核验码。", max_length=60)


class VerifiedOut(serializers.Serializer[verification.Answer]):
    """Whether a paper is genuine; by its number alone the name is masked."""

    standing = serializers.ChoiceField(
        choices=[("valid", "有效"), ("void", "已作废"), ("replaced", "已被替代"), ("broken", "内容与摘要不符")], help_text="效力。"
    )
    number = serializers.CharField(help_text="文号。")
    title = serializers.CharField(help_text="标题。")
    issuer = serializers.CharField(help_text="发文机关。")
    issued_on = serializers.DateField(help_text="成文日期。")
    digest = serializers.CharField(help_text="内容摘要。")
    institution = serializers.CharField(help_text="所涉机构；只凭文号查询的隐去部分。")
    replaced_by = serializers.CharField(help_text="代替它的文号。")
    corrected_by = serializers.CharField(help_text="把个别单位移出所列名单的文号;对其他单位原文书继续有效。")
    reason = serializers.CharField(help_text="作废的理由。")
    file = serializers.SerializerMethodField(help_text="公开文书的 PDF 地址。")

    def get_file(self, answer: verification.Answer) -> str | None:
        return f"/api/v1/public/documents/{normalised(answer.code)}/file" if answer.public_pdf else None


class Verification(Open):
    tag, title = TAG, "核验文书"
    clauses = ("M34",)
    query, answer = VerifyIn, VerifiedOut

    def get(self, request: Request) -> Response:
        found = verification.find(asked_in(VerifyIn, request)["q"])
        if found is None:
            raise NotFound
        return Response(VerifiedOut(found).data)


class PublicDocumentFile(Open):
    tag, title = TAG, "下载公示、公告的 PDF"
    clauses = ("M9.5", "M11")
    binary = "application/pdf"

    def get(self, request: Request, code: str) -> HttpResponse:
        document = readable_documents(PUBLIC).filter(code=normalised(code)[:60]).first()
        if document is None:
            raise NotFound
        return file_response(pdf(document), f"{document.number} {document.title}.pdf", "application/pdf")

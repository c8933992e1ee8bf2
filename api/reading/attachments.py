"""Files given with acts: sent first, then named by number in the act; read by whoever may see what they were given with (M26)."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listing, View
from api.problems import Unusable
from api.reading.shared import Text, file_response
from api.subjects import find
from casework.attaching import keep
from casework.models import Attachment
from documents.uploads import Unfit
from institutions.models import Institution
from offices.models import Role

SENDERS = (Role.INSTITUTION, Role.DISTRICT_AGENCY, Role.CITY_AGENCY, Role.CITY_BUREAU)


class AttachmentOut(serializers.ModelSerializer[Attachment]):
    """One file; without an act it is kept for the office that sent it."""

    url = Text(lambda row: f"/api/v1/attachments/{row.pk}/file", help_text="下载地址。")

    class Meta:
        model = Attachment
        fields = ["id", "institution_id", "name", "content_type", "size", "digest", "kept_at", "act_id", "shared", "url"]
        read_only_fields = fields


class AttachmentIn(serializers.Serializer[Any]):
    """A file to be named in an act."""

    file = serializers.FileField(help_text="PDF、PNG 或 JPEG，不超过20兆。")


class InstitutionAttachments(Listing[Attachment]):
    tag, title = "机构", "列出随办理提交的文件"
    post_title = "上传一份文件，随后在办理中写明其编号"
    clauses = ("M26",)
    description = "上传的文件只有本机构可见，直至在办理中写明；随后是办理记录的一部分，不能删改。"
    parser_classes = [MultiPartParser]
    serializer_class = AttachmentOut
    queryset = Attachment.objects.none()  # for the interface description
    body, answer, status = AttachmentIn, AttachmentOut, 201

    def get_queryset(self) -> QuerySet[Attachment]:
        institution = find(Institution, self.kwargs["pk"], self.actor)
        rows: QuerySet[Attachment] = Attachment.objects.visible_to(self.actor).filter(institution_id=institution.pk)
        return rows

    def post(self, request: Request, pk: int) -> Response:
        institution = find(Institution, pk, self.actor)
        if self.actor.role not in SENDERS:
            raise PermissionDenied
        sent: Any = request.FILES.get("file")
        if not isinstance(sent, UploadedFile):
            raise Unusable({"file": ["请上传一份文件。"]})
        try:
            return Response(AttachmentOut(keep(sent, institution.pk, self.actor)).data, status=201)
        except Unfit as error:
            raise Unusable({"file": [str(error)]}) from error


class AttachmentFile(View):
    tag, title = "机构", "下载随办理提交的文件"
    clauses = ("M26",)
    binary = "*/*"

    def get(self, request: Request, pk: int) -> HttpResponse:
        row = Attachment.objects.visible_to(self.actor).filter(pk=pk).first()
        if row is None:
            raise NotFound
        try:
            content = row.file.open("rb")
        except OSError:
            raise NotFound from None
        with content:
            return file_response(content.read(), row.name, row.content_type)

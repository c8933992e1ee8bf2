"""One institution's public state today (M11, M20)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from agreements import public
from api.base import Open
from api.public.lists import NoticeOut
from api.public.shared import TAG, PublicAgreementOut, PublicInstitutionOut
from deadlines import clock
from institutions.models import Institution

WORDS = {"designated": "定点", "pending": "协议待生效", "notice": "公示中", "terminated": "已解除", "ended": "已终止", "": "无定点信息"}


class PublicStateOut(serializers.Serializer[Any]):
    """Today's public state of an institution."""

    institution = PublicInstitutionOut()
    on = serializers.DateField(help_text="当日。")
    state = serializers.ChoiceField(choices=list(WORDS.items()), help_text="状态。")
    state_title = serializers.CharField(help_text="状态的名称。")
    since = serializers.DateField(allow_null=True, help_text="自何日起。")
    agreement = PublicAgreementOut(allow_null=True)
    notice = NoticeOut(allow_null=True)


class PublicInstitution(Open):
    tag, title = TAG, "一家机构今日的状态"
    clauses = ("M11", "M20", "M34")
    answer = PublicStateOut

    def get(self, request: Request, pk: int) -> Response:
        institution = Institution.objects.filter(pk=pk).first()
        today = clock.today()
        found = public.standing(institution, today) if institution is not None else None
        if found is None or not found.word:
            raise NotFound
        body = {"institution": institution, "on": today, "state": found.word, "state_title": WORDS[found.word], "since": found.since}
        return Response(PublicStateOut({**body, "agreement": found.agreement, "notice": found.notice}).data)

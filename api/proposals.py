"""Acts waiting for a second signature: read by the office, signed or returned by its reviewer, withdrawn by the handler (M29)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listing, View
from api.filters import Whole
from api.outputs import OutcomeOut, ProposalOut
from casework import proposals
from casework.models import Proposal
from offices.actors import Actor
from offices.models import Role

STATES = [("open", "待复核"), ("confirmed", "已复核"), ("returned", "已退回"), ("withdrawn", "已收回")]


def visible_proposals(actor: Actor) -> QuerySet[Proposal]:
    """An office's own; the auditor's reading is of all."""
    rows = Proposal.objects.select_related("handler", "reviewer")
    if actor.role == Role.AUDITOR:
        return rows
    return rows.filter(office_id=actor.office_id) if actor.office_id else rows.none()


class ProposalFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=STATES, label="状态。")
    word = django_filters.CharFilter(max_length=60, label="办理的词。")
    case_label = django_filters.CharFilter(max_length=40, label="事项类别。")
    case_id = Whole(label="事项编号。")

    class Meta:
        model = Proposal
        fields: list[str] = []


class ProposalList(Listing[Proposal]):
    tag, title = "待复核", "列出本机构的待复核事项"
    clauses = ("M29",)
    serializer_class = ProposalOut
    filterset_class = ProposalFilter

    def get_queryset(self) -> QuerySet[Proposal]:
        return visible_proposals(self.actor)


class ProposalDetail(View, generics.RetrieveAPIView[Proposal]):
    tag, title = "待复核", "查看一份待复核事项"
    clauses = ("M29",)
    serializer_class = ProposalOut

    def get_queryset(self) -> QuerySet[Proposal]:
        return visible_proposals(self.actor)


class RemarkIn(serializers.Serializer[Any]):
    """Why a proposal is returned."""

    remark = serializers.CharField(max_length=1000, help_text="退回的理由。")


class Decide(View):
    """Base of what is done to a proposal: by the office that it belongs to; for everybody else it does not exist."""

    tag = "待复核"
    clauses = ("M29",)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not Proposal.objects.filter(pk=kwargs["pk"], office_id=self.actor.office_id or 0).exists():
            raise NotFound


class Confirm(Decide):
    title = "复核签署，办理随即生效"
    description = "复核人与经办人不得为同一人；办理的条件在签署时重新核对。"
    answer = OutcomeOut

    def post(self, request: Request, pk: int) -> Response:
        return Response(OutcomeOut(proposals.confirm(pk, actor=self.actor)).data)


class Return(Decide):
    title = "退回经办人"
    body = RemarkIn
    answer = ProposalOut

    def post(self, request: Request, pk: int) -> Response:
        given = RemarkIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(ProposalOut(proposals.send_back(pk, actor=self.actor, remark=given.validated_data["remark"])).data)


class Withdraw(Decide):
    title = "经办人收回"
    answer = ProposalOut

    def post(self, request: Request, pk: int) -> Response:
        return Response(ProposalOut(proposals.take_back(pk, actor=self.actor)).data)

"""What acts and proposals answer, as serializers: the interface description and the answers cannot differ."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.subjects import BY_LABEL
from casework.acts import registry
from casework.door import Outcome
from casework.models import Proposal
from casework.preview import Preview

ANYTHING = {"type": "object", "additionalProperties": True}


def address(label: str, pk: int | None) -> str | None:
    """The API address of a case by its label in the log; None where there is none."""
    collection = BY_LABEL.get(label)
    return f"/api/v1/{collection.name}/{pk}" if collection and pk is not None else None


class SubjectOut(serializers.Serializer[Any]):
    """The case an act was done to, as it stands after it."""

    type = serializers.CharField(help_text="事项类别。")
    id = serializers.IntegerField(help_text="编号。")
    name = serializers.CharField(help_text="名称或文号。")
    state = serializers.CharField(help_text="状态；没有状态的为空。")
    state_title = serializers.CharField(help_text="状态的名称。")
    version = serializers.IntegerField(allow_null=True, help_text="版本号，下次办理时可带上。")
    url = serializers.CharField(allow_null=True, help_text="地址。")


class PaperOut(serializers.Serializer[Any]):
    """A document that an act issued."""

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="文号。")
    title = serializers.CharField(help_text="标题。")
    url = serializers.CharField(help_text="地址；其下 /file 是 PDF。")


class OutcomeOut(serializers.Serializer[Outcome]):
    """What an act did."""

    act = serializers.CharField(help_text="办理。")
    title = serializers.CharField(help_text="办理的名称。")
    record = serializers.IntegerField(help_text="办理记录的编号；试办的不保留。")
    on = serializers.DateField(help_text="办理日期。")
    before = serializers.CharField(help_text="办理前的状态。")
    after = serializers.CharField(help_text="办理后的状态。")
    subject = SubjectOut(allow_null=True, help_text="事项；无事项的办理为 null。")
    documents = PaperOut(many=True, help_text="制发的文书。")
    recorded = serializers.SerializerMethodField(help_text="记入办理记录的内容。")

    @extend_schema_field(ANYTHING)
    def get_recorded(self, outcome: Outcome) -> Any:
        return outcome.record.data

    def to_representation(self, outcome: Outcome) -> dict[str, Any]:
        record, subject = outcome.record, outcome.subject
        papers = [
            {"id": each.pk, "number": each.number, "title": each.title, "url": f"/api/v1/documents/{each.pk}"} for each in outcome.documents
        ]
        return {
            "act": record.word,
            "title": record.title,
            "record": record.pk,
            "on": record.on.isoformat(),
            "before": outcome.before,
            "after": outcome.after,
            "subject": subject_out(subject) if subject is not None else None,
            "documents": papers,
            "recorded": self.get_recorded(outcome),
        }


def subject_out(subject: Any) -> dict[str, Any]:
    """A case in an answer, whatever its model."""
    label = subject._meta.model_name
    state = getattr(subject, "state", "") or ""
    title = subject.get_state_display() if state and hasattr(subject, "get_state_display") else ""
    version = getattr(subject, "version", None)
    return {
        "type": label,
        "id": subject.pk,
        "name": str(subject),
        "state": state,
        "state_title": str(title),
        "version": version,
        "url": address(label, subject.pk),
    }


class ChangeOut(serializers.Serializer[Any]):
    """One thing that would be different afterwards."""

    title = serializers.CharField()
    case = serializers.CharField()
    before = serializers.CharField(help_text="空：原来没有。")
    after = serializers.CharField(help_text="空：不再有。")


class ForeseenPaperOut(serializers.Serializer[Any]):
    catalogue = serializers.IntegerField(help_text="文书种类。")
    title = serializers.CharField()
    recipient = serializers.CharField(help_text="主送。")


class WithdrawnPaperOut(serializers.Serializer[Any]):
    title = serializers.CharField()
    number = serializers.CharField(help_text="文号。")
    recipient = serializers.CharField(help_text="撤销通知书主送。")


class PreviewOut(serializers.Serializer[Preview]):
    """The consequences of an act that was tried and undone."""

    before = serializers.CharField(help_text="办理前的状态。")
    after = serializers.CharField(help_text="办理后的状态。")
    papers = ForeseenPaperOut(many=True, help_text="将制发的文书。")
    withdrawn = WithdrawnPaperOut(many=True, help_text="将以撤销通知书撤销的已制发文书。")
    states = ChangeOut(many=True, help_text="将改变状态的事项。")
    deadlines = ChangeOut(many=True, help_text="将改变的时限。")
    bans = ChangeOut(many=True, help_text="今天起将出现或者消失的不得申请的限制。")
    notes = serializers.ListField(child=serializers.CharField(), help_text="签署前应知道的其他后果。")

    def to_representation(self, preview: Preview) -> dict[str, Any]:
        papers = [{"catalogue": number, "title": title, "recipient": recipient} for number, title, recipient in preview.papers]
        withdrawn = [{"title": title, "number": number, "recipient": recipient} for title, number, recipient in preview.withdrawn]
        changes = {name: [vars(each) for each in getattr(preview, name)] for name in ("states", "deadlines")}
        changes["bans"] = [vars(each) for each in preview.others]
        return {
            "before": preview.before,
            "after": preview.after,
            "papers": papers,
            "withdrawn": withdrawn,
            **changes,
            "notes": preview.notes,
        }


class ProposalOut(serializers.ModelSerializer[Proposal]):
    """An act prepared by its handler, waiting for the reviewer (M29)."""

    title = serializers.SerializerMethodField(help_text="办理的名称。")
    case = serializers.SerializerMethodField(help_text="事项的地址。")
    data = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text="经办人填写的内容。"
    )
    handler = serializers.CharField(source="handler.full_name", help_text="经办人。")
    reviewer = serializers.SerializerMethodField(help_text="复核人。")
    url = serializers.SerializerMethodField(help_text="地址。")

    class Meta:
        model = Proposal
        fields = [
            "id",
            "word",
            "title",
            "case_label",
            "case_id",
            "case",
            "institution_id",
            "data",
            "state",
            "handler",
            "made_at",
            "reviewer",
            "decided_at",
            "remark",
            "url",
        ]
        read_only_fields = fields

    def get_title(self, proposal: Proposal) -> str:
        return registry[proposal.word].title if proposal.word in registry else proposal.word

    def get_case(self, proposal: Proposal) -> str | None:
        return address(proposal.case_label, proposal.case_id)

    @extend_schema_field(ANYTHING)
    def get_data(self, proposal: Proposal) -> Any:
        return proposal.data

    def get_reviewer(self, proposal: Proposal) -> str | None:
        return proposal.reviewer.full_name if proposal.reviewer else None

    def get_url(self, proposal: Proposal) -> str:
        return f"/api/v1/proposals/{proposal.pk}"

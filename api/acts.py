"""One address for every act of the registry: the same acts, offices and refusals as on the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api import problems
from api.base import View
from api.given import Given, act_input, body_of, flag, has_files, typed
from api.outputs import OutcomeOut, PreviewOut, ProposalOut
from api.paging import LARGEST
from api.parsers import BoundedJson
from api.problems import NotYours, Unusable
from api.subjects import find_for
from casework import door, preview, proposals
from casework.acts import Act
from casework.refusals import Invalid
from offices.models import Role

MOST_ROWS = 200


class ActView(View):
    """Base: knows its act. A role that never does the act gets 403 for what it can see, 404 for what it cannot."""

    act: Act = None  # type: ignore[assignment]  # given by the address

    def get_permissions(self) -> Sequence[Any]:
        return [] if Role.PUBLIC in self.act.roles else super().get_permissions()

    def get_parsers(self) -> list[BaseParser]:
        return [BoundedJson(), MultiPartParser()] if has_files(self.act) else [BoundedJson()]

    @property
    def rate(self) -> str:
        return "public_act" if self.act.public and self.request.auth is None else ""

    def mine(self) -> None:
        """Raises NotYours for a role that never does this act."""
        if self.actor.role not in self.act.roles:
            raise NotYours(self.act, self.actor.office_name)


class DoAct(ActView):
    """Does an act to one subject, or to none; what needs two signatures becomes a proposal (M29)."""

    def post(self, request: Request, pk: int | None = None) -> Response:
        only_try = flag(request, "preview")
        subject = find_for(self.act, pk, self.actor) if pk is not None else None
        self.mine()
        given = act_input(request, self.act)
        if only_try:
            return self.foresee(subject, given)
        if self.act.signatures > 1:
            return self.propose(subject, given)
        outcome = door.perform(self.act.word, subject, actor=self.actor, data=given.data, files=given.files, version=given.version)
        return Response(OutcomeOut(outcome).data)

    def foresee(self, subject: Any, given: Given) -> Response:
        if has_files(self.act):
            raise Unusable({"preview": ["上传文件的办理不支持预览。"]})
        found = preview.preview(self.act.word, subject, actor=self.actor, data=given.data, version=given.version)
        if found.error is not None:
            raise found.error
        return Response(PreviewOut(found).data)

    def propose(self, subject: Any, given: Given) -> Response:
        proposal = proposals.propose(self.act.word, subject, actor=self.actor, data=given.data, version=given.version)
        body: Any = ProposalOut(proposal).data
        return Response(body, status=202, headers={"Location": body["url"]})


class DoMany(ActView):
    """Does an act to many subjects in one transaction; a refused row leaves the others standing."""

    def post(self, request: Request) -> Response:
        self.mine()
        body = body_of(request)
        ids, data, dry_run = self.given(body)
        results = door.perform_many(self.act.word, ids, actor=self.actor, data=data, dry_run=dry_run)
        unfit = [row.error for row in results if isinstance(row.error, Invalid)]
        if len(unfit) == len(results):
            raise unfit[0]
        return Response({"dry_run": dry_run, "rows": [self.row(pk, result) for pk, result in zip(ids, results, strict=True)]})

    def given(self, body: Any) -> tuple[list[int], dict[str, Any], bool]:
        unknown = {name: ["没有这一项。"] for name in body if name not in ("ids", "data", "dry_run")}
        if unknown:
            raise Unusable(unknown)
        ids, data, dry_run = body.get("ids"), body.get("data"), body.get("dry_run", False)
        if (
            not isinstance(ids, list)
            or not 1 <= len(ids) <= MOST_ROWS
            or not all(_number(each) for each in ids)
            or len(set(ids)) < len(ids)
        ):
            raise Unusable({"ids": [f"应为1至{MOST_ROWS}个互不相同的编号。"]})
        if not isinstance(data, dict | None):
            raise Unusable({"data": ["应为一个对象。"]})
        if not isinstance(dry_run, bool):
            raise Unusable({"dry_run": ["应为 true 或 false。"]})
        return ids, typed(data or {}, self.act.form.base_fields, "data."), dry_run

    def row(self, pk: int, result: door.RowResult) -> dict[str, Any]:
        outcome = OutcomeOut(result.outcome).data if result.outcome is not None else None
        return {"id": pk, "outcome": outcome, "problem": problems.of(result.error) if result.error is not None else None}


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST

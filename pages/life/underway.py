"""Everything that is or was under way beside an agreement, in words: for the desk and for the institution itself (M38–M45, I12, I17)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agreements import models as stored
from agreements.changes import fields_of
from agreements.grounds import own_ground, suspension_grounds, termination_grounds
from agreements.intentions import MEASURES
from agreements.models import Agreement
from agreements.suspensions import Suspension
from agreements.term import Term
from casework.models import Attachment
from documents.citations import place
from institutions.models import Person
from law.clauses import numbered
from offices.actors import Actor

TONES = {
    "requested": "blue", "reported": "blue", "coming": "blue", "running": "amber", "open": "red", "granted": "green", "agreed": "green",
    "approved": "green",
}  # fmt: skip
ICONS = {"blue": "hourglass-split", "amber": "pause-circle-fill", "red": "exclamation-octagon-fill", "green": "check-circle-fill"}
OPEN_STATES = frozenset({"requested", "reported", "coming", "running", "open"})


@dataclass(frozen=True)
class Item:
    """One thing: what it is, how it stands today, its dates; ``due`` the day that matters next, ``due_title`` what it is."""

    kind: str
    title: str
    state: str
    state_title: str
    on: date
    rows: list[tuple[str, Any]] = field(default_factory=list)
    clause: str = ""
    due: date | None = None
    due_title: str = ""
    adverse: bool = False
    taken_back_as: str = ""  # the kind of request that the institution can take back
    files: list[Attachment] = field(default_factory=list)  # those the reader may open

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "grey")

    @property
    def icon(self) -> str:
        return ICONS.get(self.tone, "dash-circle")


def of_agreement(agreement: Agreement, term: Term, day: date, *, carried: bool = True, reader: Actor | None = None) -> list[Item]:
    """Open things first, then what is over, the newest first; ``carried``: with what goes on from the term before (R6).

    ``reader``: with the files that this actor may open. At most one query beyond the facts of the agreement, one for the files and, where
    something is carried, those for the facts before it.
    """
    own = list(agreement.facts.all())
    facts = {fact.pk: fact.data for fact in own}
    acts = {fact.pk: fact.act_id for fact in own}
    before = agreement.previous if carried and term.previous is not None and term.previous.going_on else None
    while before is not None:
        for fact in before.facts.all():
            facts[fact.pk], acts[fact.pk] = fact.data, fact.act_id
        before = before.previous
    listing = _Listing(agreement, term, day, facts, carried=carried)
    if reader is not None:
        rows = _attached(agreement.institution_id, reader)
        listing.evidence = {each.pk: each for each in rows}
        listing.files = {fact: [each for each in rows if each.act_id == act] for fact, act in acts.items()}
    found = [*listing.intentions(), *listing.suspensions(), *listing.cases(), *listing.requests(), *listing.checks()]
    found += [*listing.renewals(), *listing.changes(), *listing.parts(), *listing.holds(), *listing.decisions()]
    return sorted(found, key=lambda item: (not item.open, -item.on.toordinal()))


def _attached(institution: int, reader: Actor) -> list[Attachment]:
    """Every file given with an act about the institution that the reader may open."""
    return list(Attachment.objects.visible_to(reader).filter(institution_id=institution, act__isnull=False))


class _Listing:
    """One agreement's things, with what each needs at hand."""

    def __init__(self, agreement: Agreement, term: Term, day: date, facts: Mapping[int, Mapping[str, Any]], *, carried: bool):
        self.term, self.day, self.facts, self.carried = term, day, facts, carried
        self.files: Mapping[int, list[Attachment]] = {}  # fact → files of its act
        self.evidence: Mapping[int, Attachment] = {}
        self.kind = agreement.institution.kind
        labels = {clause: each.label for clause, each in termination_grounds(self.kind).items()}
        self.labels = {**suspension_grounds(self.kind), **labels}

    def clause(self, clause: str) -> str:
        return own_ground(clause, self.kind)

    def grounds(self, clauses: Iterable[str]) -> str:
        own = [self.clause(each) for each in clauses if each]
        return "；".join(f"{place(each, self.kind)} {self.labels.get(each, '')}".strip() for each in own)

    def said(self, id_: int, *names: str) -> list[tuple[str, Any]]:
        """What was written into the fact that opened it."""
        titles = {"reason": "理由", "facts": "认定的事实", "findings": "情况", "scope": "范围"}
        data = self.facts.get(id_, {})
        return [(titles[name], _text(data[name])) for name in names if data.get(name)]

    def found(self, id_: int) -> list[tuple[str, Any]]:
        """What was found for each ground of a decision or of one intended."""
        rows = self.facts.get(id_, {}).get("findings", [])
        own = [(f"{place(each['ground'], self.kind)} 认定的事实", each["facts"]) for each in rows if each["facts"]]
        return [*self.said(id_, "facts"), *own]

    def evidence_of(self, id_: int) -> list[Attachment]:
        """Its evidence, also what came with the intention."""
        numbers = [number for each in self.facts.get(id_, {}).get("findings", []) for number in each["files"]]
        return [self.evidence[number] for number in numbers if number in self.evidence]

    def intentions(self) -> Iterator[Item]:
        for each in self.term.intentions:
            waits = each.waits and not each.urgent and each.heard_on is None and self.day <= each.last_day
            state, title = ("open", "等待陈述申辩") if waits else ("running", "可以作出决定") if each.waits else ("over", "已作出决定")
            if each.dropped_on is not None:
                title = "不予处理"
            if state == "running" and each.origin is not None:
                title = "随引起的药店一并决定"
            if each.waits and self.day > self.term.ended_on:
                state, title = "over", "协议已终止"
            rows: list[tuple[str, Any]] = [("告知", each.on), ("陈述申辩至", each.last_day)]
            rows += [("机构陈述", each.heard_on)] if each.heard_on else []
            rows += [("不予处理", each.dropped_on)] if each.dropped_on else []
            grounds = self.grounds(self.facts.get(each.id, {}).get("ground") or [])
            rows += [("情形", grounds)] if grounds else []
            rows += self.found(each.id)
            due = each.last_day if waits else None
            clause = numbered("M38.6", self.kind)
            name = f"拟{MEASURES.get(each.act, each.act)}"
            files = self.evidence_of(each.id)
            yield Item("intention", name, state, title, each.on, rows, clause, due, "陈述申辩最后一日", adverse=True, files=files)

    def suspensions(self) -> Iterator[Item]:
        for each in self.term.all_suspensions if self.carried else self.term.suspensions:
            state = each.state(self.day, self.term.reach(each.id))
            due, title = self._due_of(each, state)
            on = each.requested_on or each.decided_on or each.first_day
            name = "中止（处理）" if each.imposed else "中止（机构申请）"
            clause = numbered("M42.6" if each.imposed else "M42.4", self.kind)
            rows = [*self._days_of(each), *self.said(each.id, "reason"), *self.found(each.id)]
            state_title = dict(stored.Suspension.STATES)[state]
            back = "suspension" if each.waits and state == "requested" else ""
            yield Item(
                "suspension", name, state, state_title, on, rows, clause, due, title, adverse=each.imposed, taken_back_as=back,
                files=self.evidence_of(each.id),
            )  # fmt: skip

    def _days_of(self, each: Suspension) -> Iterator[tuple[str, Any]]:
        yield "期间", f"{each.first_day} 至 {each.stated_last}"
        if each.requested_on:
            yield "申请", each.requested_on
        if each.decided_on:
            yield "决定", each.decided_on
        if each.withdrawn_on:
            yield "撤回", each.withdrawn_on
        if each.ground:
            yield "情形", self.grounds([each.ground])
        if each.rectified_on:
            yield "整改验收", f"{each.rectified_on} {'到位' if each.rectified else '不到位'}"
        if each.prevented_to:
            yield "另定的终止日", each.prevented_to
        if each.resumption_on:
            yield "申请恢复", each.resumption_on
        if each.resumed_on:
            yield "确认恢复", f"{each.resumed_on}（次日起履行）"
        if each.stands and each.last_day not in (None, each.stated_last, each.lapses_on):
            yield "实际最后一日", each.last_day

    def _due_of(self, each: Suspension, state: str) -> tuple[date | None, str]:
        if state not in ("running", "coming"):
            return None, ""
        if each.imposed:
            return (None, "") if each.rectified is not None else (each.stated_last, "整改验收最后一日")
        return each.lapses_on, "另定的终止日" if each.prevented_to else "第180日，不申请恢复即自动终止"

    def cases(self) -> Iterator[Item]:
        for each in self.term.all_cases if self.carried else self.term.cases:
            state = each.state(self.day)
            title = dict(stored.TerminationCase.STATES)[state]
            rows: list[tuple[str, Any]] = [("立案", each.opened_on), ("情形", self.grounds([each.ground]))]
            rows += [("结案", each.closed_on)] if each.closed_on and state == "closed" else []
            rows += self.said(each.id, "reason")
            yield Item("case", "解除立案", state, title, each.opened_on, rows, self.clause(each.ground), adverse=True)

    def requests(self) -> Iterator[Item]:
        for each in self.term.all_requests if self.carried else self.term.requests:
            state = each.state(self.day, self.term.reach(each.id))
            rows: list[tuple[str, Any]] = [("申请", each.on), ("申请的生效日", each.effective)]
            rows += [("答复", each.decided_on)] if each.decided_on else []
            title = dict(stored.TerminationRequest.STATES)[state]
            rows += [("撤回", each.withdrawn_on)] if each.withdrawn_on else []
            rows += self.said(each.id, "reason")
            back = "termination" if state == "requested" else ""
            yield Item("request", "申请解除协议", state, title, each.on, rows, numbered("M44.1", self.kind), taken_back_as=back)

    def checks(self) -> Iterator[Item]:
        for ordered, closed in self.term.checks:
            going = closed is None or closed > self.day
            rows: list[tuple[str, Any]] = [("启动", ordered)] + ([("结束", closed)] if closed else [])
            state, title = ("open", "进行中") if going else ("closed", "已结束")
            yield Item("check", "退出全面核查", state, title, ordered, rows, "I12", adverse=going)

    def renewals(self) -> Iterator[Item]:
        for each in self.term.renewals:
            state = each.state(self.day, self.term.ended_on)
            rows: list[tuple[str, Any]] = [("提出", f"{each.on}{'（逾期）' if each.late else ''}")]
            rows += [("决定", each.decided_on)] if each.decided_on else []
            title = dict(stored.Renewal.STATES)[state]
            due = self.term.last_day if state == "requested" else None
            rows += [("撤回", each.withdrawn_on)] if each.withdrawn_on else []
            name, clause, kind = ("申请续签", "M41.1", "renewal") if each.wanted else ("申请不再续签", "M44.1", "non_renewal")
            back = kind if state == "requested" else ""
            yield Item("renewal", name, state, title, each.on, rows, numbered(clause, self.kind), due, "协议最后一日", taken_back_as=back)

    def changes(self) -> Iterator[Item]:
        titles = fields_of(self.kind)
        for each in self.term.changes:
            data = self.facts.get(each.id, {})
            rows: list[tuple[str, Any]] = [("申报", f"{each.on}{'（逾期）' if each.late else ''}")]
            rows += [("批准", each.approved_by_authority_on)] if each.approved_by_authority_on else []
            rows += [("变更", f"{data.get('before') or '（空）'} → {data.get('shown') or ''}")]
            rows += [("要求补正", each.asked_on)] if each.asked_on else []
            rows += [("区经办机构转报", each.passed_on)] if each.passed_on else []
            rows += [("决定", each.decided_on)] if each.decided_on else []
            name = f"{'重大' if each.major else '一般'}信息变更：{titles.get(each.field, each.field)}"
            rows += [("撤回", each.withdrawn_on)] if each.withdrawn_on else []
            back = f"change.{each.field}" if each.waits else ""
            title = dict(stored.Change.STATES)[each.state]
            clause = numbered("M40.1" if each.major else "M40.2", self.kind)
            yield Item("change", name, each.state, title, each.on, rows, clause, files=self.files.get(each.id, []), taken_back_as=back)

    def parts(self) -> Iterator[Item]:
        ids = {each.person_id for each in self.term.parts if each.person_id}
        names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
        for each in self.term.parts:
            name = f"{each.name(names)}{f'（{each.code}）' if each.code else ''}"
            over = not each.ended and each.last_day is not None and self.day > each.last_day
            state, title = ("over", "已结束") if over else ("running", "终止结算" if each.ended else "中止结算")
            if self.day < each.first_day:
                state, title = "coming", "待开始"
            last = "不再恢复" if each.ended else each.last_day or "未定"
            what = "科室" if each.department else "人员"
            rows: list[tuple[str, Any]] = [("期间", f"{each.first_day} 至 {last}"), ("决定", each.decided_on)]
            clause = "M45" if self.kind == "hospital" else "I5"
            yield Item("part", f"{what}：{name}", state, title, each.decided_on, rows, clause, adverse=True)

    def holds(self) -> Iterator[Item]:
        demanded = self.term.hold_demanded_on
        if demanded is not None and all(each.released_on for each in self.term.holds):
            yield Item("hold", "医保行政部门要求暂停拨付", "open", "待暂停", demanded, [("提出", demanded)], "I17", adverse=True)
        for each in self.term.holds:
            state, title = ("over", "已恢复拨付") if each.released_on else ("running", "暂停中")
            rows: list[tuple[str, Any]] = [("暂停", each.on)] + ([("恢复", each.released_on)] if each.released_on else [])
            rows += self.said(each.id, "reason")
            yield Item("hold", "暂停结算拨付", state, title, each.on, rows, numbered(each.clause, self.kind), adverse=True)

    def decisions(self) -> Iterator[Item]:
        for each in self.term.decisions:
            rows: list[tuple[str, Any]] = [("决定", each.decided_on), ("生效（协议外首日）", each.effective)]
            rows += [("情形", self.grounds(each.grounds or [each.clause])), *self.found(each.id)]
            rows += [("报告医保行政部门", self.term.reported[each.id])] if each.id in self.term.reported else []
            over = self.day >= each.effective
            state, title = ("closed", "已生效") if over else ("coming", "待生效")
            if each.at_request and self.term.open_check(self.day):
                state, title = "coming", "待全面核查结束"
            name = "同意解除" if each.at_request else "解除协议"
            yield Item("decision", name, state, title, each.decided_on, rows, self.clause(each.clause), adverse=not each.at_request,
                       files=self.evidence_of(each.id))  # fmt: skip


def _text(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)

"""Checks of agreements, applications and what is under way beside them: what is stored against what the facts say (R7)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

from agreements import deadlines as agreement_deadlines
from agreements.projecting import MATTERS
from applications import deadlines as application_deadlines
from casework.refusals import Impossible
from consistency.batch import Batch
from consistency.finding import Finding, about, check
from deadlines.models import Deadline
from deadlines.wanted import WantedDeadline
from settlement.lines import dump

COMPARED = ("nature", "state", "clause", "responsible", "starts_on")


@check("lost_ground", "事实是否仍能依次成立")
def lost_ground(batch: Batch) -> Iterable[Finding]:
    for case, said in batch.lost:
        yield about("lost_ground", case, f"{case}的事实不能依次成立：{said}")


@check("agreement_state", "协议的状态")
def agreement_state(batch: Batch) -> Iterable[Finding]:
    for pk, term in batch.terms.items():
        row = batch.agreements[pk]
        derived = term.state(batch.day)
        if row.state != derived:
            yield about("agreement_state", row, f"协议{row}登记的状态是{row.state}，按事实应为{derived}。")


@check("agreement_end", "协议的最后一日")
def agreement_end(batch: Batch) -> Iterable[Finding]:
    for pk, term in batch.terms.items():
        row = batch.agreements[pk]
        if row.annulled != term.annulled:
            yield about("agreement_end", row, f"协议{row}登记为{'已' if row.annulled else '未'}更正，与事实不符。")
        elif not term.annulled and row.ended_on != term.ended_on:
            yield about("agreement_end", row, f"协议{row}登记的最后一日是{row.ended_on}，按事实应为{term.ended_on}。")
        elif not term.annulled and row.end_state != term.end.state:
            yield about("agreement_end", row, f"协议{row}登记的结局是{row.end_state}，按事实应为{term.end.state}。")
        elif not term.annulled and (row.first_day, row.last_day) != (term.first_day, term.last_day):
            yield about("agreement_end", row, f"协议{row}登记的期限是{row.first_day}至{row.last_day}，与签约的事实不符。")
        elif row.filed_on != term.filed_on:
            yield about("agreement_end", row, f"协议{row}登记的备案日是{row.filed_on}，按事实应为{term.filed_on}。")
        elif row.renewal_stage != term.renewal_stage:
            yield about("agreement_end", row, f"协议{row}登记的续签进度是{row.renewal_stage}，按事实应为{term.renewal_stage}。")
        elif wrong := [name for name, since in term.waiting.items() if getattr(row, name) != since]:
            yield about("agreement_end", row, f"协议{row}登记的待办({'、'.join(wrong)})与事实不符。")


@check("matter_state", "中止、解除立案、续签、变更等事项的状态")
def matter_state(batch: Batch) -> Iterable[Finding]:
    for pk, term in batch.terms.items():
        agreement = batch.agreements[pk]
        for model in MATTERS:
            stored = {row.opened_by: row for row in batch.matters[model].get(pk, ())}
            pure = {each.id: each for each in model.pure(term)}
            for opened in pure.keys() - stored.keys():
                yield about("matter_state", agreement, f"协议{agreement}第{opened}号事实形成的{model.label}没有登记。")
            for opened, row in stored.items():
                derived = model.state_on(pure[opened], term, batch.day) if opened in pure else "annulled"
                if row.state != derived:
                    yield about("matter_state", row, f"{model.label}第{row.pk}号登记的状态是{row.state}，按事实应为{derived}。")


@check("settlement_line", "结算时间线")
def settlement_line(batch: Batch) -> Iterable[Finding]:
    for pk, institution in batch.institutions.items():
        stored = batch.lines.get(pk)
        derived = batch.line(pk)
        if derived is None or (stored is None and not batch.agreements_of(pk)):
            continue
        if stored is None or stored.data != dump(derived):
            yield about("settlement_line", institution, f"{institution}的结算时间线与事实不符。")


@check("deadline_rows", "时限")
def deadline_rows(batch: Batch) -> Iterable[Finding]:
    for pk, term in batch.terms.items():
        row = batch.agreements[pk]
        yield from _deadlines(batch, row, agreement_deadlines.wanted(row, term, batch.calendar, batch.day))
    for pk, road in batch.roads.items():
        application = batch.applications.get(pk)
        if application is not None:
            yield from _deadlines(batch, application, application_deadlines.wanted(application, road, batch.day))
    for dispute in batch.disputes:
        yield from _deadlines(batch, dispute, dispute.wanted(batch.day))


def _deadlines(batch: Batch, case: Any, wanted: list[WantedDeadline]) -> Iterable[Finding]:
    listed = {(each.kind, each.key): each for each in wanted}
    stored = {(row.kind, row.key): row for row in batch.deadlines.get((case.label, case.pk), ())}
    for name in listed.keys() - stored.keys():
        yield about("deadline_rows", case, f"{case}应有的时限{name[0]}没有登记。")
    for name, row in stored.items():
        each = listed.get(name)
        if each is None:
            if row.fired_at is None and row.state != Deadline.State.CANCELLED:
                yield about("deadline_rows", case, f"{case}的时限{row.kind}按事实不应有，登记为{row.state}。")
        elif row.due_on != (each.due.day if each.due else None) or any(getattr(row, one) != getattr(each, one) for one in COMPARED):
            due = each.due.day if each.due else "停钟"
            yield about("deadline_rows", case, f"{case}的时限{row.kind}登记为{row.due_on}、{row.state}，按事实应为{due}、{each.state}。")
        if row.institution_id != case.institution_id or row.district != (batch.institutions[case.institution_id].district_id or ""):
            yield about("deadline_rows", case, f"{case}的时限{row.kind}登记在别的机构或别的区。")


@check("firings", "到期处理的记录")
def firings(batch: Batch) -> Iterable[Finding]:
    for rows in batch.deadlines.values():
        for row in rows:
            if row.fired_at is not None and (row.pk, row.last_due_on) not in batch.fired:
                sentence = f"时限{row.kind}第{row.pk}号登记为已处理，没有处理记录。"
                yield Finding("firings", sentence, row.case_label, row.case_id, row.institution_id)


@check("application_state", "申请的状态和等待的单位")
def application_state(batch: Batch) -> Iterable[Finding]:
    for pk, row in batch.applications.items():
        road = batch.roads.get(pk)
        if road is None:
            continue
        derived = road.state(batch.day)
        if row.state != derived:
            yield about("application_state", row, f"申请{row}登记的状态是{row.state}，按事实应为{derived}。")
            continue
        rows = application_deadlines.wanted(row, road, batch.day)
        projected = (road.filed_on, road.accepted_on, *application_deadlines.waits_for(road, rows, batch.day))
        if (row.filed_on, row.accepted_on, row.waits_for, row.due_on, row.paused_since) != projected:
            yield about("application_state", row, f"申请{row}登记的受理日、等待单位或期限与事实不符。")


@check("dispute_state", "争议的状态")
def dispute_state(batch: Batch) -> Iterable[Finding]:
    for row in batch.disputes:
        try:
            state, outcome, due_on = row.projected(batch.day)
        except Impossible as error:
            yield about("dispute_state", row, f"争议{row}的事实缺少前提({error})。")
            continue
        if (row.state, row.outcome, row.due_on) != (state, outcome, due_on):
            yield about("dispute_state", row, f"争议{row}登记的状态、结果或期限是{row.state}、{row.outcome}、{row.due_on}，与事实不符。")


@check("district", "事项登记的区和机构类别")
def district(batch: Batch) -> Iterable[Finding]:
    """By these columns a district finds its own cases (M3, R16)."""
    matters = [row for rows in batch.matters.values() for own in rows.values() for row in own]
    for row in [*batch.agreements.values(), *batch.applications.values(), *matters, *batch.disputes]:
        institution = batch.institutions[row.institution_id]
        if (row.district, row.institution_kind) != (institution.district_id or "", institution.kind):
            yield about("district", row, f"{row}登记在{row.district or '不明的区'}，其机构在{institution.district or '不明的区'}。")


@check("one_at_a_time", "同日有两份协议")
def one_at_a_time(batch: Batch) -> Iterable[Finding]:
    for pk in batch.institutions:
        rows = [row for row in batch.agreements_of(pk) if row.pk in batch.terms and row.kind != "supplementary"]
        lived = [(row, batch.terms[row.pk]) for row in rows if not batch.terms[row.pk].annulled and batch.terms[row.pk].began()]
        for (row, one), (beside, other) in combinations(lived, 2):
            if row.pk == beside.main_id or beside.pk == row.main_id:  # an annual one under a fixed one (M41.4)
                continue
            if one.first_day <= other.ended_on and other.first_day <= one.ended_on:
                yield about("one_at_a_time", row, f"协议{row}与{beside}有相同的日子。")


@check("facts_and_records", "事实与办理记录")
def facts_and_records(batch: Batch) -> Iterable[Finding]:
    facts: list[tuple[Any, Any]] = [(fact, batch.agreements[fact.agreement_id]) for fact in batch.agreement_facts()]
    facts += [(fact, batch.applications[fact.application_id]) for fact in batch.application_facts()]
    disputes = {row.pk: row for row in batch.disputes}
    facts += [(fact, disputes[fact.dispute_id]) for fact in batch.dispute_facts()]
    facts += [(fact, batch.institutions[fact.institution_id]) for fact in batch.standing if fact.institution_id is not None]
    for fact, case in facts:
        record = batch.records.get(fact.act_id)
        if record is None:
            yield about("facts_and_records", case, f"{case}的事实{fact}没有办理记录。")
        elif record.at != fact.at:
            yield about("facts_and_records", case, f"{case}的事实{fact}与办理记录{record}的时刻不同。")
        if fact.voided_at is not None and fact.voided_by_id is None:
            yield about("facts_and_records", case, f"{case}的事实{fact}已更正，没有更正的办理。")


@check("terminations", "解除与禁入")
def terminations(batch: Batch) -> Iterable[Finding]:
    """A decision to terminate for a fault stands beside a fact that bars (R4); both from one act, both standing or both voided."""
    barring = {(fact.institution_id, fact.act_id): fact for fact in batch.standing if fact.kind == "termination"}
    decided = set()
    for fact in batch.agreement_facts():
        if fact.kind != "terminated":
            continue
        row = batch.agreements[fact.agreement_id]
        decided.add((row.institution_id, fact.act_id))
        stands = barring.get((row.institution_id, fact.act_id))
        if stands is None:
            stands = next((each for each in batch.standing if _same(each, fact, row.institution_id)), None)
        natures = set(fact.data.get("natures", ())) - {"none"}
        if natures and (stands is None or (stands.voided_at is None) != (fact.voided_at is None)):
            yield about("terminations", row, f"协议{row}自{fact.on}起因过错解除，没有相应的禁入事实。")

    for fact in batch.barred:
        record = batch.records[fact.act_id]
        own = [each for each in barring.values() if each.act_id == fact.act_id or _same(each, fact, record.institution_id)]
        if fact.voided_at is None and all(each.voided_at is not None for each in own):
            sentence = f"自{fact.on}起禁入的人员第{fact.person_id}号，其所依据的解除不再成立。"
            yield Finding("terminations", sentence, record.case_label, record.case_id, record.institution_id)


def _same(each: Any, fact: Any, institution: int | None) -> bool:
    return each.kind == "termination" and each.institution_id == institution and each.on == fact.on

"""Agreements, their facts and their time lines (M10, M5.2, M41–M43, R7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django_fsm import RETURN_VALUE, FSMField, transition

from agreements import term as rules
from agreements.folding import read
from agreements.models.templates import AgreementTemplate
from agreements.term import Term
from applications.models import Application
from casework.facts import known
from casework.models import Case, CaseQuerySet, Fact
from institutions.models import DaysOf, Institution
from institutions.placing import TAKEN_OVER, Placed

KINDS = [("annual", "年度协议"), ("fixed", "固定协议"), ("supplementary", "补充协议")]


class AgreementQuerySet(CaseQuerySet):
    def in_force_on(self, day: date) -> AgreementQuerySet:
        """In force or suspended on a day, by dates alone: what the public list shows (M11, R6, R7)."""
        return self.filter(first_day__lte=day, ended_on__gte=day, annulled=False)


class Agreement(Case, Placed):
    """One signed agreement; first and last day belong to its term. ``ended_on`` projects the fold for lists and constraints."""

    label: ClassVar[str] = "agreement"

    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="agreements")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="agreements")
    main = models.ForeignKey("self", models.PROTECT, null=True, related_name="supplements")
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors")
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=15, choices=KINDS, default="annual")
    template = models.ForeignKey(AgreementTemplate, models.PROTECT, null=True)
    first_day = models.DateField()
    last_day = models.DateField()
    ended_on = models.DateField()
    end_state = models.CharField(max_length=12, blank=True)  # expired or terminated, from the day after ``ended_on``
    annulled = models.BooleanField(default=False)
    filed_on = models.DateField(null=True)  # M10.2; projected for lists
    # What waits for the city agency and has no row of its own (``Term.waiting``); projected for lists.
    decision_from = models.DateField(null=True)  # M38.6: heard, or the days to be heard are over
    check_since = models.DateField(null=True)  # I12
    hold_demanded_on = models.DateField(null=True)  # I17
    renewal_stage = models.CharField(max_length=10, default="quiet")  # M41; projected for the campaign
    state = FSMField(default="pending", choices=list(rules.STATES.items()))

    objects: ClassVar[Any] = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["institution", "-first_day"], name="agreement_institution"),
            models.Index(fields=["ended_on", "id"], name="agreement_end"),
            models.Index(fields=["state", "id"], name="agreement_state"),
            models.Index(fields=["id"], condition=Q(annulled=False, filed_on__isnull=True), name="agreement_unfiled"),
            models.Index(fields=["id"], condition=Q(decision_from__isnull=False), name="agreement_to_decide"),
            models.Index(fields=["id"], condition=Q(check_since__isnull=False), name="agreement_checked"),
            models.Index(fields=["id"], condition=Q(hold_demanded_on__isnull=False), name="agreement_hold_demanded"),
            # Whether an institution stands under an agreement on a day is read from the index alone.
            models.Index(fields=["institution", "ended_on"], include=["first_day"], condition=Q(annulled=False), name="agreement_living"),
            models.Index(fields=["district", "id"], name="agreement_district"),
            models.Index(fields=["renewal_stage", "last_day", "id"], name="agreement_renewal"),
            models.Index(fields=["district", "renewal_stage", "last_day", "id"], name="agreement_renewal_district"),
            GinIndex(OpClass(F("number"), name="gin_trgm_ops"), name="agreement_number_trigram"),
            # How many institutions of a kind stand under an agreement in a district.
            models.Index(
                fields=["district", "institution_kind", "institution", "ended_on"],
                include=["first_day"],
                condition=Q(annulled=False),
                name="agreement_cell",
            ),
        ]
        triggers = [TAKEN_OVER]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="agreement_ends_after_it_begins"),
            # One taken over by mistake is voided and taken over again under the number on its paper.
            models.UniqueConstraint(fields=["number"], condition=Q(annulled=False), name="one_agreement_number"),
            ExclusionConstraint(
                name="one_agreement_at_a_time",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DaysOf("first_day", "ended_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(annulled=False, ended_on__gte=F("first_day")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def institution_ids(self) -> Iterable[int]:
        """Its institution and those whose supplementary agreements follow it (M5.2)."""
        return [self.institution_id, *self.supplements.values_list("institution_id", flat=True)]

    def term(self) -> Term:
        """The fold of the facts that stand; a supplementary agreement follows its main one (M5.2), a renewed one the one before."""
        return self.term_known()

    def term_known(self, moment: datetime | None = None) -> Term:
        """The fold of the facts as they were known at a moment; without one, as they are known now (R7)."""
        main = self.main.term_known(moment) if self.main else None
        previous = self.previous.term_known(moment) if self.previous else None
        return self.fold(moment, main, previous, {self.pk: self.facts.all()})

    def fold(self, moment: datetime | None, main: Term | None, previous: Term | None, facts: Mapping[int, Iterable[Any]]) -> Term:
        """The same when the terms it rests on are folded already; facts by agreement, those not given are asked for."""
        return _fold(self.pk, moment, main, previous, facts)

    def derived(self, day: date) -> str:
        """The state on a day by the facts alone (R7)."""
        return self.term().state(day)

    def catch_up(self, day: date) -> tuple[str, date] | None:
        """What the calendar alone has changed: the term begins, is suspended, goes on, ends (M41.3, M42)."""
        term = self.term()
        span = term.span(day)
        if span is None or span.state == self.state:
            return None
        return self.follow(span.state), span.first_day

    def follow(self, derived: str) -> str:
        """Move to the derived state by the named transition that leads there, else by correction; the transition's title."""
        for each in self.get_available_state_transitions():  # type: ignore[attr-defined]
            if each.target == derived:
                getattr(self, each.name)()
                return str(each.custom["title"])
        self.correct(derived)
        return "状态校正"

    def project(self, day: date) -> None:
        """Rewrite what follows from the facts: states, last day, time line, deadline rows; then the agreements that follow."""
        from agreements.projecting import project

        project(self, day)

    def follow_calendar(self, day: date) -> None:
        """Rewrite what the calendar moves; no fact is new."""
        from agreements.projecting import follow_calendar
        from agreements.reading import load

        follow_calendar(load([self.pk], own=[self]), day)

    @transition(state, source="pending", target="active", custom={"title": "协议生效"})
    def begin(self) -> None:
        """The first day of the term."""

    @transition(state, source=["pending", "active"], target="suspended", custom={"title": "协议中止"})
    def suspend(self) -> None:
        """The first day of a suspension (M42.1)."""

    @transition(state, source="suspended", target="active", custom={"title": "恢复履行"})
    def go_on(self) -> None:
        """The day after a suspension, still within the term (M42.2)."""

    @transition(state, source=["pending", "active", "suspended"], target="expired", custom={"title": "协议终止"})
    def expire(self) -> None:
        """The day after the last day of the term, or after day 180 (M41.3, M42.2, M42.5)."""

    @transition(state, source=["pending", "active", "suspended"], target="terminated", custom={"title": "协议解除"})
    def terminate(self) -> None:
        """The first day out (M43)."""

    @transition(state, source="*", target=RETURN_VALUE(*rules.STATES), custom={"title": "更正"})
    def correct(self, derived: str) -> str:
        """Follow the facts after a mistake was voided."""
        return derived


class AgreementFact(Fact):
    """A dated fact of an agreement's life."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="facts")

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["agreement", "id"], name="agreement_fact"),
            # Asked of every row of a list: whether this has been done (pages.desk.life_matters).
            models.Index(
                fields=["kind", "agreement", "id"],
                condition=Q(kind__in=["reported", "rectification_recorded", "resumption_requested"], voided_at__isnull=True),
                name="agreement_fact_answer",
            ),
        ]


def _fold(agreement: int, moment: datetime | None, main: Term | None, previous: Term | None, given: Mapping[int, Iterable[Any]]) -> Term:
    facts = given[agreement] if agreement in given else AgreementFact.objects.filter(agreement=agreement)
    term = read(known((fact.plain() for fact in facts), moment), main, previous)
    if term.renewal is not None and term.renewal.agreed and term.renewal.agreement and term.going_on:
        # Read only where something goes on beyond the term: its end is then the next term's matter (R6).
        term.successor = _fold(term.renewal.agreement, moment, None, term, given)
    return term

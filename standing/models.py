"""Adverse facts about institutions and people (R4). Bans are computed from them, never stored."""

from django.db import models
from django.db.models import Q

from casework.models import Fact
from institutions.models import Institution, Person


class StandingFact(Fact):
    """A dated adverse fact: of an institution, or of a person wherever that person holds a post."""

    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="facts")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="facts")

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["institution", "kind"], name="standing_institution", condition=Q(voided_at__isnull=True)),
            models.Index(fields=["person", "kind"], name="standing_person", condition=Q(voided_at__isnull=True)),
            models.Index(fields=["person"], name="standing_listed", condition=Q(kind="dishonest_listed", voided_at__isnull=True)),
            # Which terminations were served later than they were to take effect: few, and asked of the whole public list.
            models.Index(fields=["on"], name="standing_moved", condition=Q(kind="effect_moved", voided_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(institution__isnull=False) ^ Q(person__isnull=False), name="standing_fact_of_one")
        ]

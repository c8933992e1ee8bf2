"""Agreements with everything that belongs to their life."""

from agreements.models.agreement import KINDS, Agreement, AgreementFact
from agreements.models.allocation import Allocation
from agreements.models.matters import Change, Matter, Renewal, Suspension, TerminationCase, TerminationRequest
from agreements.models.templates import INSTITUTION_KINDS, AgreementTemplate, TemplateComment

__all__ = [
    "INSTITUTION_KINDS",
    "KINDS",
    "Agreement",
    "AgreementFact",
    "AgreementTemplate",
    "Allocation",
    "Change",
    "Matter",
    "Renewal",
    "Suspension",
    "TemplateComment",
    "TerminationCase",
    "TerminationRequest",
]

"""Switching the automatic effects of one kind off and on again in one district, with who and why (craft rule 10)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from deadlines import clock
from deadlines.calendar_changes import Person
from deadlines.models import EffectSwitch


def switch_off(district: str, kind: str, by: Person, reason: str) -> EffectSwitch:
    """From now on rows of this kind in this district stay due without effect; warnings and escalations go on."""
    if not reason.strip():
        raise ValueError("停用自动处理必须说明理由。")
    try:
        with transaction.atomic():
            return EffectSwitch.objects.create(
                district=district,
                kind=kind,
                off_since=clock.now(),
                off_by_id=by.user_id,
                off_by_name=by.user_name,
                reason=reason.strip(),
            )
    except IntegrityError as error:
        if "effect_switch_one_open" not in str(error):
            raise
        raise ValueError("该区此类自动处理已经停用。") from error


def switch_on(district: str, kind: str, by: Person) -> None:
    """What stayed due meanwhile takes effect at the next tick, dated as due (R7)."""
    opened = EffectSwitch.objects.filter(district=district, kind=kind, on_since=None)
    if not opened.update(on_since=clock.now(), on_by_id=by.user_id, on_by_name=by.user_name):
        raise ValueError("该区此类自动处理没有停用。")


def all_off() -> set[tuple[str, str]]:
    """District and kind of every effect that is off now."""
    return set(EffectSwitch.objects.filter(on_since=None).values_list("district", "kind"))


def off_for_row() -> Exists:
    """Whether the effect of a Deadline row is off now, as a condition."""
    return Exists(EffectSwitch.objects.filter(district=OuterRef("district"), kind=OuterRef("kind"), on_since=None))

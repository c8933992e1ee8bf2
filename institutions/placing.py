"""District and kind of an institution, carried by the rows about it, so that the list of a district has an index of its own.

The database itself keeps them, because institutions and cases are written by many roads (acts, imports, sign-up): whatever
is written about an institution takes them over from it, and follows when the institution gets another district.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

TAKEN_OVER = pgtrigger.Trigger(
    name="district_taken_over",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        select coalesce(district_id, ''), kind into new.district, new.institution_kind
        from institutions_institution where id = new.institution_id;
        return new;
    """,
)

# For migrations: the rows of a table follow their institution.
FOLLOWING = """
    create function {table}_follows() returns trigger language plpgsql as $$
    begin
        update {table} set {change} where institution_id = new.id;
        return null;
    end $$;
    create trigger {table}_follows after update of district_id, kind on institutions_institution for each row
        when (old.district_id is distinct from new.district_id or old.kind is distinct from new.kind)
        execute function {table}_follows();
"""


def following(table: str, change: str = "institution_id = institution_id") -> str:
    """SQL that lets the rows follow; writing a row at all makes it take over what its institution says."""
    return FOLLOWING.format(table=table, change=change)


def unfollowing(table: str) -> str:
    """SQL that takes it back."""
    return f"drop trigger {table}_follows on institutions_institution; drop function {table}_follows();"


class Placed(models.Model):
    """A row that carries the district (empty where it is not known) and the kind of its institution. Kept by the database."""

    district = models.CharField(max_length=6, blank=True, default="", editable=False)
    institution_kind = models.CharField(max_length=10, blank=True, default="", editable=False)

    class Meta:
        abstract = True
        triggers = [TAKEN_OVER]

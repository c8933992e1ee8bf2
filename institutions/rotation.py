"""Identity numbers under a new key (M35), in batches, while the site runs; it may stop and start again anywhere."""

from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models, transaction

from institutions import identity
from institutions.identity_keys import drop_old_keys, keys
from institutions.models import Person

BATCH = 1000


def tables() -> list[type[models.Model]]:
    """People, and their history: it keeps earlier ciphertexts, which the old key must not be needed for."""
    return [Person, apps.get_model("institutions", "PersonEvent")]


def _left(model: type[models.Model]) -> models.QuerySet[Any]:
    rows = model._default_manager.exclude(id_number_ciphertext="")
    return rows.exclude(id_number_ciphertext__startswith=f"{keys()[0].name}:").order_by("pk")


def left() -> int:
    """How many rows are still under an older key."""
    return sum(_left(model).count() for model in tables())


def _rewrite(model: type[models.Model]) -> int:
    """One batch; the history takes no note, for nothing about the person has changed."""
    with transaction.atomic(), pgtrigger.ignore("institutions.Person:update_update"):
        rows = list(_left(model).select_for_update()[:BATCH])
        for row in rows:
            number = identity.decrypt(row.id_number_ciphertext)
            row.id_number_ciphertext, row.id_number_hash = identity.encrypt(number), identity.hash_of(number)
        model._default_manager.bulk_update(rows, ["id_number_ciphertext", "id_number_hash"])
        return len(rows)


def rewrite_all() -> int:
    """Every row under the newest key; how many were rewritten."""
    written = 0
    for model in tables():
        while count := _rewrite(model):
            written += count
    return written


def drop_unused_keys() -> int:
    """Older keys go for good, once no row needs them; how many went."""
    rewrite_all()
    return drop_old_keys()

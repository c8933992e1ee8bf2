"""Agreements and what is under way about them follow their institution into another district (institutions/placing.py)."""

from django.db import migrations

from institutions.placing import following, unfollowing

TABLES = (
    "agreements_agreement",
    "agreements_change",
    "agreements_renewal",
    "agreements_suspension",
    "agreements_terminationcase",
    "agreements_terminationrequest",
)


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0001_initial"),
        ("institutions", "0002_initial"),
    ]

    operations = [migrations.RunSQL(following(table), unfollowing(table)) for table in TABLES]

"""Disputes follow their institution into another district (institutions/placing.py)."""

from django.db import migrations

from institutions.placing import following, unfollowing


class Migration(migrations.Migration):
    dependencies = [
        ("disputes", "0001_initial"),
        ("institutions", "0002_initial"),
    ]

    operations = [migrations.RunSQL(following("disputes_dispute"), unfollowing("disputes_dispute"))]

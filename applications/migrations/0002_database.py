"""Applications and deadlines follow their institution into another district (institutions/placing.py)."""

from django.db import migrations

from institutions.placing import following, unfollowing

# A deadline row names the district where one was known when it was written.
DEADLINES = "district = coalesce(new.district_id, '')"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0001_initial"),
        ("deadlines", "0001_initial"),
        ("institutions", "0002_initial"),
    ]

    operations = [
        migrations.RunSQL(following("applications_application"), unfollowing("applications_application")),
        migrations.RunSQL(following("deadlines_deadline", DEADLINES), unfollowing("deadlines_deadline")),
    ]

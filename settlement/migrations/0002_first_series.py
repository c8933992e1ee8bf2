"""The first series of cursors."""

from uuid import uuid4

from django.db import migrations


def begin(apps, schema_editor):
    apps.get_model("settlement", "Feed").objects.get_or_create(id=1, defaults={"token": uuid4()})


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]

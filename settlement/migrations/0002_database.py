"""The row that the feed begins with: its first series of cursors."""

from uuid import uuid4

from django.db import migrations


def begin(apps, schema_editor):
    apps.get_model("settlement", "Feed").objects.create(id=1, token=uuid4())


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]

"""A reported change can be taken back (M40)."""

import django_fsm
from django.db import migrations

STATES = [("reported", "待核准"), ("approved", "已核准"), ("refused", "不予核准"), ("withdrawn", "已撤回"), ("annulled", "已更正")]


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_renewal_stage")]

    operations = [
        migrations.AlterField("change", "state", django_fsm.FSMField(choices=STATES, default="reported", max_length=50)),
    ]

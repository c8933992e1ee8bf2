"""What the database must know before there are tables: extensions for periods that may not overlap and for search, and the pieces of a name."""

from django.contrib.postgres.operations import BtreeGinExtension, BtreeGistExtension, TrigramExtension
from django.db import migrations

from institutions.searching import PIECES


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        BtreeGistExtension(),
        BtreeGinExtension(),
        TrigramExtension(),
        migrations.RunSQL(PIECES, "drop function institution_pieces"),
    ]

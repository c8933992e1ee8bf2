from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("key", models.CharField(editable=False, max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField(verbose_name="次数")),
                ("until", models.DateTimeField(db_index=True, verbose_name="计至")),
            ],
            options={"verbose_name": "提交次数"},
        ),
    ]

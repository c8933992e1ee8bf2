from django.db import migrations, models

LAST_DAYS = """
    update agreements_renewal set last_day = agreements_agreement.last_day
    from agreements_agreement where agreements_agreement.id = agreements_renewal.agreement_id
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0007_filed_on")]

    operations = [
        migrations.AddField("renewal", "last_day", models.DateField(null=True)),
        migrations.RunSQL(LAST_DAYS, migrations.RunSQL.noop),
        migrations.AlterField("renewal", "last_day", models.DateField()),
        migrations.AddIndex(
            "renewal",
            models.Index(fields=["last_day", "id"], condition=models.Q(state="requested"), name="renewal_waiting"),
        ),
        migrations.AddIndex(
            "agreement",
            models.Index(
                fields=["institution", "ended_on"], include=["first_day"], condition=models.Q(annulled=False), name="agreement_living"
            ),
        ),
        migrations.AddIndex(
            "agreementfact",
            models.Index(
                fields=["kind", "agreement", "id"],
                condition=models.Q(kind__in=["reported", "rectification_recorded", "resumption_requested"], voided_at__isnull=True),
                name="agreement_fact_answer",
            ),
        ),
    ]

"""How far the renewal of each agreement has come, for the campaign (M41); that an institution was called becomes a fact."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

STAGES = {"requested": "asked", "over": "asked", "agreed": "agreed", "declined": "declined"}


def fill(apps: Any, schema_editor: Any) -> None:
    """From the papers (21) and requests that stand."""
    Agreement, Fact = apps.get_model("agreements", "Agreement"), apps.get_model("agreements", "AgreementFact")
    called = apps.get_model("documents", "Document").objects.filter(
        catalogue=21, case_label="agreement", voided_at=None, act_id__isnull=False
    )
    for paper in called.order_by("id").iterator():
        Fact.objects.create(agreement_id=paper.case_id, kind="renewal_called", on=paper.issued_on, at=paper.issued_at, act_id=paper.act_id)
    Agreement.objects.filter(pk__in=called.values("case_id")).update(renewal_stage="called")
    asked = apps.get_model("agreements", "Renewal").objects.filter(agreement=OuterRef("pk"), state__in=STAGES).order_by("-opened_by")
    rows = Agreement.objects.alias(asked=Subquery(asked.values("state")[:1])).filter(renewals__isnull=False)
    for state, stage in STAGES.items():
        rows.filter(asked=state).update(renewal_stage=stage)


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0002_database"),
        ("applications", "0002_database"),
        ("documents", "0001_initial"),
        ("institutions", "0002_initial"),
    ]

    operations = [
        migrations.AddField("agreement", "renewal_stage", models.CharField(default="quiet", max_length=10)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("agreement", models.Index(fields=["renewal_stage", "last_day", "id"], name="agreement_renewal")),
        migrations.AddIndex(
            "agreement", models.Index(fields=["district", "renewal_stage", "last_day", "id"], name="agreement_renewal_district")
        ),
    ]

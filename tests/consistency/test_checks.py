"""Each check catches a fault planted behind the door's back, and finds nothing in what acts have made (R7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consistency import checking
from consistency.finding import checks, whole_checks
from consistency.models import Found, Run
from deadlines import clock
from deadlines.timers import sweep
from documents.models import Document
from documents.rendering import pdf
from institutions.models import Institution
from tests.driving import Driver, on
from tests.settlement.conftest import taken_over

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.clause("R7")]
TODAY = "2026-05-20"


def plant(table: str, sql: str, *given: Any) -> None:
    """Change the database as no act could: its triggers are put off for the moment."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(f'alter table "{table}" disable trigger user')
        cursor.execute(sql, given)
        assert cursor.rowcount > 0, "nothing was planted"
        cursor.execute(f'alter table "{table}" enable trigger user')


def found() -> set[str]:
    with on(TODAY):
        ids = list(Institution.objects.values_list("pk", flat=True))
        day = clock.today()
        rows = [*checking.look_at(ids, day), *checking.look_at_all(day)]
    assert all(each.sentence.endswith(("。", "'")) or each.check == "lost_ground" for each in rows)
    return {each.check for each in rows}


@pytest.fixture
def lived() -> Driver:
    """A hospital suspended, with a change under way, and one terminated; papers issued, one rendered."""
    driver, gone = taken_over(), taken_over()
    with on("2026-05-04"):
        driver.do("suspend", ground="M42.6(1)", from_on="2026-05-10", to_on="2026-06-30", urgent_reason="紧急")
        gone.do("request_mediation", text="要求协调", agency_breach=True)
        gone.do("terminate", ground=["M43(3)"], urgent_reason="紧急")
    with on("2026-05-20"):
        assert sweep(clock.now()).failed == 0
        Driver().apply()
    pdf(Document.objects.order_by("id").first())
    assert found() == set()
    return driver


FAULTS: dict[str, tuple[str, str]] = {
    "lost_ground": ("agreements_agreementfact", "update agreements_agreementfact set voided_at = now() where kind = 'signed'"),
    "agreement_state": ("agreements_agreement", "update agreements_agreement set state = 'active'"),
    "agreement_end": ("agreements_agreement", "update agreements_agreement set ended_on = ended_on - 1"),
    "matter_state": ("agreements_suspension", "update agreements_suspension set state = 'over'"),
    "settlement_line": ("settlement_settlementline", "update settlement_settlementline set data = jsonb_set(data, '{spans}', '[]')"),
    "deadline_rows": ("deadlines_deadline", "update deadlines_deadline set due_on = due_on + 1 where kind = 'term_end'"),
    "firings": ("deadlines_deadline", "update deadlines_deadline set fired_at = now() where kind = 'term_end'"),
    "application_state": ("applications_application", "update applications_application set waits_for = 'nobody'"),
    "district": ("agreements_agreement", "update agreements_agreement set district = '110101'"),
    "facts_and_records": (
        "agreements_agreementfact",
        "update agreements_agreementfact set at = at + interval '1 second' where kind = 'suspended'",
    ),
    "terminations": ("standing_standingfact", "update standing_standingfact set kind = 'penalty' where kind = 'termination'"),
    "dispute_state": ("disputes_dispute", "update disputes_dispute set state = 'closed'"),
    "numbers": ("documents_counter", "update documents_counter set last = last + 1"),
    "paper_content": ("documents_document", """update documents_document set data = data || '{"forged": true}' where catalogue = 30"""),
    "paper_files": ("documents_document", "update documents_document set pdf_digest = repeat('0', 64) where rendered_at is not null"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(lived: Driver, name: str) -> None:
    plant(*FAULTS[name])
    assert name in found()


# Columns that lists filter and sort by, each with the check that compares it with the facts.
PROJECTED = {
    "agreements_agreement": {
        "filed_on": "agreement_end", "end_state": "agreement_end", "institution_kind": "district", "decision_from": "agreement_end",
        "check_since": "agreement_end", "hold_demanded_on": "agreement_end", "renewal_stage": "agreement_end",
    },
    "applications_application": {
        "filed_on": "application_state", "accepted_on": "application_state", "due_on": "application_state",
        "paused_since": "application_state", "district": "district",
    },
    "disputes_dispute": {"due_on": "dispute_state", "outcome": "dispute_state", "district": "district"},
    "agreements_suspension": {"district": "district", "institution_kind": "district"},
}  # fmt: skip
WRONG = {
    "outcome": "'upheld'",
    "renewal_stage": "'agreed'",
    "end_state": "'expired'",
    "district": "'110101'",
    "institution_kind": "'pharmacy'",
}


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, columns in PROJECTED.items() for column in columns])
def test_every_projected_column_is_compared_with_the_facts(lived: Driver, table: str, column: str) -> None:
    value = WRONG.get(column, "date '2026-01-02'")
    plant(table, f"update {table} set {column} = {value}")
    assert found() == {PROJECTED[table][column]}


def test_two_agreements_on_one_day_are_found(lived: Driver) -> None:
    """The database forbids two of one kind; of two kinds only the check knows."""
    with on("2026-05-20"):
        lived.do(
            "take_over_agreement", lived.institution, kind="fixed", number="测二", first_day="2026-03-01", last_day="2027-02-28"
        )  # fmt: skip
    assert found() == {"one_at_a_time"}


@pytest.mark.clause("R4", "M12.7")
def test_people_barred_by_a_termination_that_no_longer_stands_are_found(lived: Driver) -> None:
    plant("standing_standingfact", 'update standing_standingfact set act_id = act_id - 1, "on" = "on" + 1 where kind = \'barred_person\'')
    assert "terminations" in found()


def test_a_deadline_that_nobody_wants_and_one_that_is_missing_are_found(lived: Driver) -> None:
    plant("deadlines_deadline", "update deadlines_deadline set key = 'another' where kind = 'term_end'")
    assert found() == {"deadline_rows"}


def test_a_file_that_is_gone_is_found(lived: Driver) -> None:
    row = Document.objects.exclude(rendered_at=None).get()
    row.pdf.storage.delete(row.pdf.name)
    assert found() == {"paper_files"}


def test_a_service_before_the_paper_is_found(lived: Driver) -> None:
    paper = Document.objects.filter(catalogue=30).get()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into documents_proofofservice (method, delivered_on, served_on, served_by, addressee, place, recipient, relation,"
            " witness, reason, remark, receipt, evidence, evidence_digest, consent, recorded_at, void_reason)"
            " values ('post', '2026-01-02', '2026-01-02', 'x', 'x', '', '', '', '', '', '', '', '', '', '', now(), '') returning id"
        )
        (proof,) = cursor.fetchone()
        cursor.execute("insert into documents_serveddocument (proof_id, document_id) values (%s, %s)", [proof, paper.pk])
    assert found() == {"proofs"}


def test_every_check_has_its_fault() -> None:
    planted = {*FAULTS, "one_at_a_time", "proofs"}
    assert {*checks, *whole_checks} == planted
    assert len(planted) >= 10


def test_as_many_queries_for_many_as_for_one(lived: Driver) -> None:
    ids = list(Institution.objects.values_list("pk", flat=True))
    more = [taken_over().institution.pk for _ in range(4)]
    counts = []
    with on(TODAY):
        for some in (ids, ids + more):
            with CaptureQueriesContext(connection) as queries:
                checking.look_at(some, clock.today())
            counts.append(len(queries))
    assert counts[0] == counts[1] < 40


def test_the_command_lists_what_it_finds_and_keeps_it(lived: Driver, capsys: Any) -> None:
    with on(TODAY):
        call_command("check_consistency")
        assert Run.objects.get().found == 0
        plant(*FAULTS["agreement_state"])
        with pytest.raises(CommandError):
            call_command("check_consistency")
    assert "登记的状态是active" in capsys.readouterr().out
    assert Found.objects.filter(check_name="agreement_state").exists()


@pytest.mark.parametrize(("role", "told"), [("auditor", True), ("city_agency", True), ("administrator", False)])
def test_the_page_shows_the_last_run(lived: Driver, sign_in: Callable[[str], Any], role: str, told: bool) -> None:
    plant(*FAULTS["agreement_state"])
    with on(TODAY):
        checking.run()
    page = sign_in(role).get("/desk/consistency/").content.decode()
    assert ("登记的状态是active" in page) is told
    assert "协议的状态" in page


@pytest.fixture
def sign_in(client: Any) -> Callable[[str], Any]:
    def enter(role: str) -> Any:
        from tests.factories import MembershipFactory, OfficeFactory

        place = MembershipFactory(office=OfficeFactory(role=role))
        client.force_login(place.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter

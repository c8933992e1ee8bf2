"""The demonstration data show the whole road, as real clerks would have walked it, to whoever signs in."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Change, Renewal, Suspension, TerminationCase, TerminationRequest
from applications import entry
from applications.models import Application, ApplicationFact, Material
from applications.road import STATES
from casework.models import ActRecord, Proposal
from deadlines import clock
from deadlines.models import Deadline, Reminder
from demo.logins import LOGINS, PASSWORD
from disputes.models import Dispute
from documents.models import Document
from documents.rendering import pdf
from institutions.models import Institution
from offices.actors import actor_of
from offices.models import Notification, SignUp, User
from pages.navigation import home_of
from standing.reading import listed_on
from tests.conftest import MODEL_BACKEND

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("town")]
TODAY = clock.today


def test_every_state_of_the_road_and_of_an_agreement_is_there() -> None:
    assert set(Application.objects.values_list("state", flat=True)) == set(STATES)
    assert {each.term().state(TODAY()) for each in Agreement.objects.all()} >= {"pending", "active", "suspended", "expired", "terminated"}
    assert {each.derived(TODAY()) for each in Suspension.objects.all()} >= {"requested", "running", "over"}
    for model, state in ((TerminationCase, "open"), (TerminationRequest, "requested"), (Renewal, "requested"), (Change, "reported")):
        assert model.objects.filter(state=state).exists(), model
    assert set(Dispute.objects.values_list("kind", "state")) == {("mediation", "open"), ("reconsideration", "open")}
    assert Agreement.objects.filter(kind="supplementary", main__isnull=False).exists()


@pytest.mark.clause("R7")
def test_stored_states_are_the_derived_ones_after_the_last_sweep() -> None:
    stored = [*Application.objects.all(), *Agreement.objects.all(), *Suspension.objects.all(), *TerminationCase.objects.all()]
    wrong = [each for each in stored if each.derived(TODAY()) != each.state]
    assert not wrong
    assert not Deadline.objects.filter(wake_at__lte=clock.now()).exists()


def test_three_districts_both_kinds_and_the_rare_ones_are_there() -> None:
    applied = Institution.objects.filter(applications__isnull=False)
    for kind in ("hospital", "pharmacy"):
        assert set(applied.filter(kind=kind).values_list("district_id", flat=True)) == {"110105", "110108", "bda"}
    assert applied.filter(category="internet", parent__isnull=False).exists()
    assert applied.filter(ownership="military", uscc__startswith="A").exists()
    assert applied.filter(chain__name__startswith="同和").count() == 3
    assert applied.filter(name__contains="昇祺堃").exists()
    assert Institution.objects.filter(complete=False, uscc=None).count() == 3


def test_desks_show_overdue_due_and_paused_matters_and_others_waiting() -> None:
    today = TODAY()
    waiting = Application.objects.exclude(waits_for="")
    for role in ("district_agency", "city_agency"):
        assert waiting.filter(waits_for=role, due_on__lt=today).exists(), role
        assert waiting.filter(waits_for=role, due_on__gte=today).exists(), role
    assert waiting.filter(paused_since__isnull=False).exists()
    assert set(Proposal.objects.filter(state="open").values_list("word", flat=True)) == {"refuse", "record_result", "sign"}
    assert SignUp.objects.filter(state="waiting").count() == 2
    assert Reminder.objects.filter(mark=Reminder.ESCALATION).exists()
    assert Notification.objects.exists()


@pytest.mark.clause("R4")
def test_bans_of_every_sort_are_there() -> None:
    today = TODAY()
    found = {ban.clause for institution in Institution.objects.all() for ban in entry.bars(institution, today)}
    assert found >= {"M12.3", "M12.5", "M12.8", "P8.8", "P11.3", "P11.5", "P11.6"}
    assert listed_on(today).count() == 3


@pytest.mark.clause("R15")
def test_somebody_insists_and_somebody_was_refused() -> None:
    assert ApplicationFact.objects.filter(kind="filed", data__insisted=True, application__state="submitted").exists()
    assert ApplicationFact.objects.filter(kind="filed", data__insisted=True, application__state="refused").exists()


@pytest.mark.clause("M26", "M29")
def test_everything_was_done_by_people_through_the_door() -> None:
    records = ActRecord.objects.exclude(word__in=["catch_up", "announce"])  # done by the calendar
    system = set(records.filter(by_system=True).values_list("word", flat=True))
    assert system == {"take_over_agreement", "list_dishonest", "register_person"}
    by_people = records.filter(by_system=False).exclude(role="public")
    assert not by_people.filter(user_id=None).exists()
    signed = by_people.filter(word__in=["record_result", "sign", "refuse", "void"])
    assert signed.exists()
    assert not [record for record in signed if record.reviewer_id in (None, record.user_id)]
    assert not records.filter(at__gte=clock.now()).exists()


def test_materials_can_be_opened_and_papers_rendered() -> None:
    material = Material.objects.select_related("application__institution").first()
    assert material is not None
    with material.file.open() as file:
        assert file.read(5) == b"%PDF-"
    rare = Document.objects.filter(subjects__institution_id=Institution.objects.get(name__contains="昇祺堃").pk).first()
    assert rare is not None
    assert pdf(rare).startswith(b"%PDF-")


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.username)
def test_each_login_opens_its_pages(login, client: Client) -> None:
    user = User.objects.get(username=login.username)
    assert user.check_password(PASSWORD)
    actor = actor_of(user)
    assert (actor.role, actor.may_review) == (login.role, login.may_review)
    client.force_login(user, backend=MODEL_BACKEND)
    assert client.get(home_of(actor)).status_code == 200


@pytest.mark.long
def test_the_city_agency_opens_every_case(client: Client) -> None:
    client.force_login(User.objects.get(username="shi1"), backend=MODEL_BACKEND)
    for name, model in (("application", Application), ("agreement", Agreement), ("institution", Institution)):
        for pk in model.objects.exclude(**({"state": "draft"} if model is Application else {})).values_list("pk", flat=True):
            assert client.get(reverse(f"desk:{name}", args=[pk])).status_code == 200, (name, pk)


def test_show_logins_says_what_works(capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.filter(username="shi1").update(password=make_password("another-one"))
    User.objects.filter(username="shi2").update(is_active=False)
    call_command("show_logins")
    said = capsys.readouterr().out
    assert PASSWORD in said
    shown = {login.username for login in LOGINS if f" {login.username} " in said}
    assert shown == {login.username for login in LOGINS} - {"shi1", "shi2"}


def test_what_is_not_empty_is_left_alone() -> None:
    before = ActRecord.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match="只放进空的数据库"):
        call_command("make_demo")
    assert (ActRecord.objects.count(), User.objects.count()) == before

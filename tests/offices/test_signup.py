import pytest

from offices import signup
from offices.actors import Actor, actor_of
from offices.models import Notification, Office, Role, SignUp, User
from tests.factories import DistrictFactory, MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-one-7"


def request_of(**given) -> SignUp:
    given = {
        "kind": "hospital",
        "name": "北京示例门诊部",
        "uscc": "91110105MA01EXAMP1",
        "licence_number": "PDY00001-1",
        "contact": "王芳",
        "phone": "13900000000",
        "username": "shili",
        "district": DistrictFactory(),
    } | given
    return SignUp(**given)


@pytest.fixture
def clerk() -> Actor:
    return actor_of(MembershipFactory(office__role=Role.DISTRICT_AGENCY).user)


@pytest.fixture
def hooks(monkeypatch) -> list[tuple[SignUp, Office]]:
    """What the floors above would be told; their own checks are left out."""
    told: list[tuple[SignUp, Office]] = []
    monkeypatch.setattr(signup, "checks", [])
    monkeypatch.setattr(signup, "find_office", [])
    monkeypatch.setattr(signup, "on_confirmed", [lambda request, office: told.append((request, office))])
    return told


def test_asking_keeps_no_password_and_tells_the_districts_agency(clerk, hooks):
    row = signup.ask(request_of(), PASSWORD)
    assert PASSWORD not in row.password
    assert row.password.startswith("md5$")
    assert Notification.objects.get().recipient_id == clerk.office_id
    assert not User.objects.filter(username="shili").exists()


@pytest.mark.clause("M7", "R16")
def test_confirming_opens_office_and_user_and_tells_the_floors_above(clerk, hooks):
    row = signup.ask(request_of(), PASSWORD)
    place = signup.confirm(row, clerk)
    assert place.user.check_password(PASSWORD)
    assert (place.office.role, place.office.district_id, place.supervisor) == (Role.INSTITUTION, "110105", True)
    assert hooks == [(row, place.office)]
    row.refresh_from_db()
    assert (row.state, row.decided_by_id, row.password) == ("confirmed", clerk.user_id, "")
    with pytest.raises(signup.NotPossible, match="已处理"):
        signup.decline(row, clerk, "晚了")


def test_a_floor_above_that_refuses_leaves_nothing_behind(clerk, hooks, monkeypatch):
    def refuse(request, office):
        raise signup.NotPossible("该机构已有账户。")

    monkeypatch.setattr(signup, "on_confirmed", [refuse])
    row = signup.ask(request_of(), PASSWORD)
    with pytest.raises(signup.NotPossible, match="已有账户"):
        signup.confirm(row, clerk)
    assert not Office.objects.filter(role=Role.INSTITUTION).exists()
    assert SignUp.objects.get().state == "waiting"


def test_an_institution_on_the_books_gets_its_own_office_once(clerk, hooks, monkeypatch):
    office = OfficeFactory(role=Role.INSTITUTION, name="名单上的门诊部")
    monkeypatch.setattr(signup, "find_office", [lambda request: office])
    assert signup.confirm(signup.ask(request_of(), PASSWORD), clerk).office == office
    with pytest.raises(signup.NotPossible, match="已有账户"):
        signup.confirm(signup.ask(request_of(username="another"), PASSWORD), clerk)


def test_declining_needs_a_reason_and_frees_name_and_code(clerk, hooks):
    row = signup.ask(request_of(), PASSWORD)
    with pytest.raises(signup.NotPossible, match="理由"):
        signup.decline(row, clerk, " ")
    signup.decline(row, clerk, "许可证已过期")
    assert SignUp.objects.get().reason == "许可证已过期"
    assert signup.complaints(request_of()) == {}


def test_what_is_taken_is_said_before_asking(clerk, hooks):
    signup.ask(request_of(), PASSWORD)
    assert set(signup.complaints(request_of())) == {"uscc", "username"}
    other = request_of(uscc="91110105MA01EXAMP2", username=User.objects.get().username)
    assert set(signup.complaints(other)) == {"username"}


def test_a_check_of_a_floor_above_is_heard(hooks, monkeypatch):
    monkeypatch.setattr(signup, "checks", [lambda request: {"uscc": "校验码不对。"}])
    assert signup.complaints(request_of()) == {"uscc": "校验码不对。"}


@pytest.mark.clause("M3", "R16")
@pytest.mark.parametrize(
    ("role", "district"),
    [("district_agency", "110106"), ("district_bureau", "110105"), ("city_agency", None), ("administrator", None)],
)
def test_nobody_but_the_agency_of_the_district_answers(hooks, role, district):
    row = signup.ask(request_of(), PASSWORD)
    actor = Actor(role=role, district=district)
    with pytest.raises(PermissionError):
        signup.confirm(row, actor)
    with pytest.raises(PermissionError):
        signup.decline(row, actor, "不归我管")

"""Identity numbers: checked, encrypted, found again, masked, moved to new keys (M35)."""

import json
import stat
from pathlib import Path
from threading import Thread

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from institutions import identity
from institutions.identity_keys import keys
from institutions.models import Person
from tests.factories import PersonFactory

NUMBER = "11010119900307109X"
pytestmark = pytest.mark.clause("M35", "P33")


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path: Path) -> Path:
    settings.IDENTITY_KEYS_FILE = tmp_path / "state" / "identity.json"
    return settings.IDENTITY_KEYS_FILE


@pytest.mark.parametrize("text", [NUMBER, "11010119900307109x", " 110101 19900307 109X ", "１１０１０１１９９００３０７１０９Ｘ"])
def test_a_resident_number_is_brought_to_its_standard_writing(text: str) -> None:
    assert identity.resident_number_of(text) == NUMBER


@pytest.mark.parametrize("number", ["810000199408230021", "911124198108030024"])
def test_residence_permits_are_built_alike(number: str) -> None:
    assert identity.resident_number_of(number) == number


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "18 位"),
        ("110101900307109", "18 位"),
        ("11010119900307109", "18 位"),
        ("1101011990030710９９0", "18 位"),
        ("A1010119900307109X", "18 位"),
        ("110101199003071090", "校验码"),
        ("110101199013071093", "出生日期"),
        ("000101199003071094", "地区"),
        ("110101209903071091", "出生日期"),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason_and_never_repeated(number: str, reason: str) -> None:
    with pytest.raises(identity.BadIdentityNumber, match=reason) as caught:
        identity.resident_number_of(number)
    assert not number or number not in str(caught.value)


def test_the_same_number_has_the_same_hash_and_another_ciphertext() -> None:
    first, second = identity.encrypt(NUMBER), identity.encrypt(NUMBER)
    assert first != second
    assert NUMBER not in first
    assert identity.decrypt(first) == identity.decrypt(second) == NUMBER
    assert identity.hash_of(NUMBER) == identity.hash_of(" 11010119900307109x") != identity.hash_of("110101199003071065")


@pytest.mark.parametrize(("number", "shown"), [(NUMBER, "110***********109X"), ("E12345678", "E12**5678"), ("1234", "****"), ("", "")])
def test_masked_number_keeps_seven_places(number: str, shown: str) -> None:
    assert identity.masked(number) == shown


def test_keys_are_made_on_first_use_for_their_owner_only(own_keys: Path) -> None:
    assert not own_keys.exists()
    identity.encrypt(NUMBER)
    assert stat.S_IMODE(own_keys.stat().st_mode) == 0o600
    assert list(own_keys.parent.iterdir()) == [own_keys]


def test_two_that_are_first_at_once_use_the_same_key(own_keys: Path) -> None:
    names: list[str] = []
    threads = [Thread(target=lambda: names.append(keys()[0].name)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 8
    assert set(names) == {json.loads(own_keys.read_text())[0]["name"]}


def test_a_ciphertext_of_another_site_says_what_to_check(own_keys: Path) -> None:
    ciphertext = identity.encrypt(NUMBER)
    own_keys.unlink()
    with pytest.raises(identity.UnknownKey, match="密钥文件"):
        identity.decrypt(ciphertext)
    name, _, token = identity.encrypt(NUMBER).partition(":")
    with pytest.raises(identity.UnknownKey, match="密钥文件"):
        identity.decrypt(f"{name}:{token[:-4]}AAA=")


@pytest.mark.django_db
def test_the_database_never_holds_the_number(own_keys: Path) -> None:
    person = PersonFactory(name="赵一", id_number=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text, (SELECT json_agg(e)::text FROM institutions_personevent e) FROM institutions_person p")
        assert all(NUMBER not in text and NUMBER[6:14] not in text for text in cursor.fetchone())
    assert person.masked_id_number == "110***********109X"
    assert person.reveal_id_number() == NUMBER
    assert NUMBER not in f"{person}{person!r}"


@pytest.mark.django_db
def test_a_person_is_found_by_the_number_whatever_the_name() -> None:
    person = PersonFactory(name="赵一", id_number=NUMBER)
    again = Person.get_or_create_by_id_number("赵壹", "11010119900307109x")
    assert (again, again.name, Person.objects.count()) == (person, "赵一", 1)
    assert Person.by_id_number("110101199003071065") is None


@pytest.mark.django_db
def test_a_person_without_number_shows_none() -> None:
    people = [Person.objects.create(name="无号") for _ in range(2)]
    assert [person.masked_id_number for person in people] == ["", ""]


@pytest.mark.django_db
def test_rotation_moves_people_and_their_history_to_the_new_key(own_keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    person = PersonFactory(name="赵一", id_number=NUMBER)
    other = PersonFactory()
    number = other.reveal_id_number()
    events = apps.get_model("institutions", "PersonEvent")
    before = events.objects.count()

    call_command("rotate_identity_keys")
    assert len(keys()) == 2
    assert "改写 4 处" in capsys.readouterr().out
    newest = keys()[0].name
    for model in (Person, events):
        assert all(row.id_number_ciphertext.startswith(f"{newest}:") for row in model.objects.all())
    assert events.objects.count() == before
    assert Person.get_or_create_by_id_number("赵一", NUMBER) == person

    call_command("rotate_identity_keys", "--drop-old")
    assert [key.name for key in keys()] == [newest]
    other.refresh_from_db()
    assert other.reveal_id_number() == number
    assert Person.by_id_number(number) == other


@pytest.mark.django_db
def test_who_was_stored_under_the_old_key_meanwhile_is_found_and_kept() -> None:
    old = identity.encrypt(NUMBER), identity.hash_of(NUMBER)
    call_command("rotate_identity_keys")
    late = Person.objects.create(name="赵一", id_number_ciphertext=old[0], id_number_hash=old[1])
    assert Person.get_or_create_by_id_number("赵一", NUMBER) == late
    call_command("rotate_identity_keys", "--drop-old")
    late.refresh_from_db()
    assert late.reveal_id_number() == NUMBER


@pytest.mark.django_db
def test_no_key_is_dropped_while_a_row_cannot_be_read() -> None:
    PersonFactory()
    call_command("rotate_identity_keys")
    Person.objects.create(name="外来", id_number_ciphertext="ffff:abc", id_number_hash="0" * 64)
    with pytest.raises(CommandError, match="密钥文件"):
        call_command("rotate_identity_keys", "--drop-old")
    assert len(keys()) == 2

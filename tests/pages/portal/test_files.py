"""Materials are handed out by permission only, as what they are (M7, M35, M3)."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.driving import PDF, Driver, on, people
from tests.factories import HospitalFactory, actor

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


def fetch(browser, address):
    """The answer with its content read to the end, which closes the file behind it."""
    response = browser.get(address)
    response.got = b"".join(response.streaming_content) if response.streaming else response.content
    return response


@pytest.fixture
def material(driver):
    with on(DAY):
        driver.apply()
    return driver.application.materials.get(item="M7(1)")


def test_the_institution_gets_its_file_under_the_type_of_its_content(driver, browser, material):
    response = fetch(browser, f"/portal/materials/{material.pk}/")
    assert response.got == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "inline; filename*=UTF-8''%E6%9D%90%E6%96%99.pdf"
    assert response["Cache-Control"] == "private, no-store"


def test_it_can_be_saved(browser, material):
    assert fetch(browser, f"/portal/materials/{material.pk}/?download=1")["Content-Disposition"].startswith("attachment;")


@pytest.mark.clause("M3")
@pytest.mark.parametrize(
    ("role", "district", "status"),
    [
        ("district_agency", "110105", 200), ("district_bureau", "110105", 200), ("city_agency", None, 200), ("auditor", None, 200),
        ("district_agency", "110106", 404), ("administrator", None, 404), ("third_party", None, 404),
    ],
)  # fmt: skip
def test_only_those_who_may_see_the_application_see_its_files(signed_in, material, role, district, status):
    response = fetch(signed_in(actor(role, district)), f"/portal/materials/{material.pk}/")
    assert response.status_code == status


def test_another_institution_does_not_see_it(signed_in, material):
    other, _ = people("institution", institution=HospitalFactory())
    assert fetch(signed_in(other), f"/portal/materials/{material.pk}/").status_code == 404


def test_nobody_gets_it_without_signing_in(material):
    assert fetch(Client(), f"/portal/materials/{material.pk}/").status_code == 302
    assert fetch(Client(), f"/media/{material.file.name}").status_code in (302, 404)


@pytest.mark.clause("M7")
def test_a_drafts_files_are_nobody_elses(driver, browser, signed_in):
    with on(DAY):
        driver.do("start_application")
        driver.upload("M7(1)")
    pk = driver.application.materials.get().pk
    assert fetch(browser, f"/portal/materials/{pk}/").status_code == 200
    assert fetch(signed_in(driver.district), f"/portal/materials/{pk}/").status_code == 404


def test_a_header_cannot_be_smuggled_in_by_a_files_name(driver, browser):
    with on(DAY):
        driver.do("start_application")
        name = 'a"; filename=evil.html\r\nX-Evil: 1.pdf'
        driver.do("upload_material", item="M7(1)", file=SimpleUploadedFile(name, PDF))
    response = fetch(browser, f"/portal/materials/{driver.application.materials.get().pk}/")
    assert "X-Evil" not in response
    assert '"' not in response["Content-Disposition"]


def test_a_file_that_is_gone_is_told_in_words(browser, material):
    default_storage.delete(material.file.name)
    response = fetch(browser, f"/portal/materials/{material.pk}/")
    assert response.status_code == 503
    assert material.digest in response.got.decode()


@pytest.mark.parametrize("pk", ["0", "99999999", "99999999999999999999999"])
def test_a_number_that_was_never_given_is_not_found(browser, pk):
    assert fetch(browser, f"/portal/materials/{pk}/").status_code == 404


def test_an_internet_hospitals_files_are_seen_by_its_parent(driver, browser):
    child = Driver(HospitalFactory(category="internet", parent=driver.institution))
    with on(DAY):
        child.do("start_application")
        child.upload("M7(1)")
    assert fetch(browser, f"/portal/materials/{child.application.materials.get().pk}/").status_code == 200

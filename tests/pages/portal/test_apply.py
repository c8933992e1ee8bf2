"""May I apply, and the draft: materials, statements, check answers, filing."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.materials import on_file
from applications.models import Application
from applications.statements import statements_of
from casework.refusals import Invalid
from documents.models import Document
from documents.uploads import MAX_SIZE
from institutions.models import Institution
from tests.driving import PDF, Driver, on, people
from tests.factories import HospitalFactory, PharmacyFactory

from .conftest import DAY

pytestmark = pytest.mark.django_db
AJAX = {"HTTP_X_REQUESTED_WITH": "portal"}


def draft(driver, browser):
    with on(DAY):
        browser.post("/portal/apply/")
    return driver.application


def send(browser, application, item="M7(1)", name="申请表.pdf", content=PDF, **headers):
    slot = item.split(".")[0]
    data = {"item": item, "file": SimpleUploadedFile(name, content)}
    with on(DAY):
        return browser.post(f"/portal/applications/{application.pk}/draft/materials/{slot}/", data, **headers)


def state_everything(browser, application, answer="yes"):
    with on(DAY):
        fields = {each.field: answer for each in statements_of(application, date(2026, 3, 2))}
        response = browser.post(f"/portal/applications/{application.pk}/draft/statements/", fields)
    assert response.status_code == 302
    return fields


def submit(browser, application, **data):
    application.refresh_from_db()
    with on(DAY):
        return browser.post(f"/portal/applications/{application.pk}/draft/check/", {"version": application.version, **data})


# May I apply? -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("M5", "M6.1", "M6.2", "R15")
def test_a_hospital_that_meets_everything_may_apply(driver, browser):
    with on(DAY):
        page = browser.get("/portal/apply/").content.decode()
    assert "今天可以申请" in page
    assert "is-unmet" not in page


@pytest.mark.clause("M6.1", "M6.2", "R13", "R15")
def test_every_reason_is_told_with_clause_and_earliest_day(signed_in):
    driver = Driver(HospitalFactory(opened_on="2026-01-15"))
    browser = signed_in(driver.owner)
    with on(DAY):
        page = browser.get("/portal/apply/").content.decode()
    assert "最早 2026年4月15日可以申请" in page
    assert 'data-clause="M6.1"' in page
    assert page.count('class="is-unmet"') == 1


@pytest.mark.clause("P5.2", "P5.3")
def test_a_pharmacy_is_asked_about_its_own_conditions(signed_in):
    driver = Driver(PharmacyFactory(pharmacists=[], insurance_managers=[]))
    with on(DAY):
        page = signed_in(driver.owner).get("/portal/apply/").content.decode()
    assert page.count('class="is-unmet"') == 2
    assert "取决于何时办完" in page


@pytest.mark.clause("M9.8")
def test_a_ban_is_a_reason_with_the_day_it_ends(driver, browser):
    with on(DAY):
        driver.do("record_second_fail")
        page = browser.get("/portal/apply/").content.decode()
    assert "最早 2027年3月3日可以申请" in page


@pytest.mark.clause("R15")
def test_a_draft_can_be_begun_whatever_speaks_against_it(signed_in):
    driver = Driver(HospitalFactory(doctors=[]))
    browser = signed_in(driver.owner)
    assert draft(driver, browser).state == "draft"


def test_a_double_click_on_start_leads_to_the_same_draft(driver, browser):
    with on(DAY):
        first = browser.post("/portal/apply/")
        second = browser.post("/portal/apply/")
    assert first["Location"] == second["Location"] == f"/portal/applications/{driver.application.pk}/draft/"
    assert Application.objects.count() == 1


def test_the_same_institution_is_not_filed_twice(driver, browser):
    with on(DAY):
        driver.apply()
        response = browser.post("/portal/apply/", follow=True)
    assert "已有办理中的申请" in response.content.decode()
    assert Application.objects.count() == 1


def test_under_a_living_agreement_nothing_is_begun(driver, browser):
    with on(DAY):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.do("serve_result")
        driver.open_notice()
    with on("2026-03-10"):
        driver.sign()
        page = browser.get("/portal/apply/").content.decode()
        response = browser.post("/portal/apply/", follow=True).content.decode()
    assert "目前不能开始" in page
    assert "不必另行申请" in response
    assert Application.objects.count() == 1


@pytest.mark.clause("M3")
def test_another_institutions_internet_hospital_does_not_exist(driver, browser):
    stranger = HospitalFactory(category="internet", parent=HospitalFactory())
    assert browser.get(f"/portal/apply/{stranger.pk}/").status_code == 404


# Materials --------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("M7")
def test_an_upload_keeps_name_digest_size_uploader_and_time(driver, browser):
    application = draft(driver, browser)
    response = send(browser, application)
    assert response.status_code == 302
    kept = on_file(application)["M7(1)"]
    assert (kept.name, kept.size, kept.content_type) == ("申请表.pdf", len(PDF), "application/pdf")
    assert kept.uploaded_by_id == driver.owner.user_id
    assert len(kept.digest) == 64


def test_the_script_gets_the_file_back_as_json(driver, browser):
    application = draft(driver, browser)
    response = send(browser, application, item="M7(3).2", **AJAX)
    assert response.status_code == 200
    assert response.json()["file"]["name"] == "申请表.pdf"
    assert response.json()["file"]["url"] == f"/portal/materials/{on_file(application)['M7(3).2'].pk}/"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.pdf", b"", "空"),
        ("程序.pdf", b"MZ\x90\x00 a program", "只接受PDF、PNG和JPEG文件"),
        ("图片.pdf", b"\x89PNG\r\n\x1a\n....", "与文件名的后缀不符"),
        ("文书.exe", PDF, "与文件名的后缀不符"),
        ("网页.png", b"<script>alert(1)</script>", "只接受PDF、PNG和JPEG文件"),
    ],
)
@pytest.mark.parametrize("script", [True, False])
def test_an_unfit_file_is_refused_in_words_and_nothing_is_lost(driver, browser, name, content, sentence, script):
    application = draft(driver, browser)
    send(browser, application)
    response = send(browser, application, name=name, content=content, **(AJAX if script else {}))
    told = response.json()["problem"] if script else response.content.decode()
    assert response.status_code == (400 if script else 200)
    assert sentence in told
    assert on_file(application)["M7(1)"].name == "申请表.pdf"


def test_a_file_that_is_too_large_is_refused(driver, browser):
    application = draft(driver, browser)
    response = send(browser, application, content=PDF + b"0" * MAX_SIZE)
    assert "文件超过20兆" in response.content.decode()
    assert on_file(application) == {}


def test_no_file_at_all_is_told(driver, browser):
    application = draft(driver, browser)
    with on(DAY):
        response = browser.post(f"/portal/applications/{application.pk}/draft/materials/M7(1)/", {"item": "M7(1)"})
    assert "请先选择文件" in response.content.decode()


@pytest.mark.parametrize("item", ["M7(99)", "", "../../etc/passwd", "M7(1)\x00", "x" * 500])
def test_a_slot_that_does_not_exist_takes_no_file(driver, browser, item):
    application = draft(driver, browser)
    data = {"item": item, "file": SimpleUploadedFile("申请表.pdf", PDF)}
    with on(DAY):
        response = browser.post(f"/portal/applications/{application.pk}/draft/materials/M7(1)/", data)
    assert response.status_code == 200
    assert on_file(application) == {}


def test_a_slots_page_that_does_not_exist_is_not_found(driver, browser):
    application = draft(driver, browser)
    assert browser.get(f"/portal/applications/{application.pk}/draft/materials/M99/").status_code == 404


def test_a_script_in_a_files_name_is_shown_as_text(driver, browser):
    application = draft(driver, browser)
    send(browser, application, name="<img src=x onerror=alert(1)>.pdf")
    with on(DAY):
        page = browser.get(f"/portal/applications/{application.pk}/draft/check/").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;.pdf" in page


@pytest.mark.clause("M7")
def test_filing_locks_the_materials(driver, browser):
    with on(DAY):
        driver.apply()
    response = send(browser, driver.application, **AJAX)
    assert response.status_code == 302, "the draft's page is gone"
    assert driver.application.materials.count() == 9


# Statements -------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("M6.4", "M12.1")
def test_statements_are_kept(driver, browser):
    application = draft(driver, browser)
    state_everything(browser, application)
    application.refresh_from_db()
    assert application.attest["M12.1"] is True
    assert len(application.attest) == 6


def test_a_statement_saves_itself_and_leaves_the_others_alone(driver, browser):
    application = draft(driver, browser)
    address = f"/portal/applications/{application.pk}/draft/statements/"
    with on(DAY):
        browser.post(address, {"statement-0": "yes"}, **AJAX)
        response = browser.post(address, {"statement-1": "no"}, **AJAX)
    application.refresh_from_db()
    assert application.attest == {"M6.4": True, "M6.5": False}
    assert response.json()["version"] == application.version


def test_a_stale_page_of_statements_gets_409_naming_who_changed_what(driver, browser, signed_in):
    application = draft(driver, browser)
    colleague, _ = people("institution", institution=driver.institution)
    with on(DAY):
        driver_page = application.version
        application.refresh_from_db()
        address = f"/portal/applications/{application.pk}/draft/statements/"
        signed_in(colleague).post(address, {"statement-0": "yes", "version": application.version})
        response = browser.post(address, {"statement-0": "no", "version": driver_page})
    assert response.status_code == 409
    page = response.content.decode()
    assert colleague.user_name in page
    assert "保存草稿" in page
    application.refresh_from_db()
    assert application.attest == {"M6.4": True}


@pytest.mark.parametrize("garbage", [{"statement-99": "yes"}, {"statement-0": "maybe"}, {"version": "abc"}, {"version": "9" * 50}])
def test_garbage_among_the_statements_changes_nothing(driver, browser, garbage):
    application = draft(driver, browser)
    with on(DAY):
        response = browser.post(f"/portal/applications/{application.pk}/draft/statements/", garbage)
    assert response.status_code in (302, 409)
    application.refresh_from_db()
    assert application.attest == {}


@pytest.mark.parametrize("code", ["M6.4\x00", "长" * 31, "\n"])
def test_a_statement_under_an_impossible_code_is_refused(driver, browser, code):
    application = draft(driver, browser)
    with on(DAY), pytest.raises(Invalid):
        driver.do("save_draft", attest={code: True})
    application.refresh_from_db()
    assert application.attest == {}


# Check answers and file -------------------------------------------------------------------------------------------------


@pytest.mark.clause("M7")
def test_filing_gives_a_number_and_the_receipt(driver, browser):
    application = draft(driver, browser)
    with on(DAY):
        driver.upload()
    state_everything(browser, application)
    response = submit(browser, application)
    assert response["Location"] == f"/portal/applications/{application.pk}/filed/"
    with on(DAY):
        page = browser.get(response["Location"]).content.decode()
    application.refresh_from_db()
    receipt = Document.objects.get(catalogue=1)
    assert application.number in page
    assert f"/documents/{receipt.pk}/" in page
    assert "2026年3月9日" in page, "five working days"


def test_a_double_click_on_filing_files_once(driver, browser):
    application = draft(driver, browser)
    with on(DAY):
        driver.upload()
    state_everything(browser, application)
    application.refresh_from_db()
    with on(DAY):
        sent = {"version": application.version}
        first = browser.post(f"/portal/applications/{application.pk}/draft/check/", sent)
        second = browser.post(f"/portal/applications/{application.pk}/draft/check/", sent)
    assert first["Location"] == second["Location"]
    assert Document.objects.filter(catalogue=1).count() == 1


def test_a_stale_filing_gets_409(driver, browser):
    application = draft(driver, browser)
    state_everything(browser, application)
    stale = application.version
    send(browser, application)
    with on(DAY):
        response = browser.post(f"/portal/applications/{application.pk}/draft/check/", {"version": stale})
    assert response.status_code == 409
    assert "上传材料" in response.content.decode()
    application.refresh_from_db()
    assert application.state == "draft"


def test_unanswered_statements_are_asked_for_before_filing(driver, browser):
    application = draft(driver, browser)
    response = submit(browser, application)
    assert "还有 6 条申明没有填写" in response.content.decode()
    application.refresh_from_db()
    assert application.state == "draft"


@pytest.mark.clause("M8.2", "R3")
def test_missing_materials_are_told_but_stop_nothing(driver, browser):
    application = draft(driver, browser)
    state_everything(browser, application)
    with on(DAY):
        page = browser.get(f"/portal/applications/{application.pk}/draft/check/").content.decode()
    assert "还有 9 项材料没有上传" in page
    assert submit(browser, application).status_code == 302


@pytest.mark.clause("M7", "R15")
def test_an_incomplete_record_is_no_matter_to_insist_upon(driver, browser):
    application = draft(driver, browser)
    Institution.objects.filter(pk=driver.institution.pk).update(uscc=None, complete=False)
    state_everything(browser, application)
    with on(DAY):
        page = browser.get(f"/portal/applications/{application.pk}/draft/check/").content.decode()
    assert "资料不齐" in page
    assert 'name="insist"' not in page
    assert "还没有提交" in submit(browser, application, insist="on").content.decode()
    application.refresh_from_db()
    assert application.state == "draft"


@pytest.mark.clause("R15", "M6.5")
def test_reasons_stop_the_filing_until_one_insists(driver, browser):
    application = draft(driver, browser)
    with on(DAY):
        driver.upload()
    state_everything(browser, application)
    with on(DAY):
        page = browser.get(f"/portal/applications/{application.pk}/draft/check/").content.decode()
        assert 'name="insist"' not in page, "asked only where something speaks against it"
        browser.post(f"/portal/applications/{application.pk}/draft/statements/", {"statement-1": "no"}, **AJAX)
        page = browser.get(f"/portal/applications/{application.pk}/draft/check/").content.decode()
        assert 'name="insist"' in page
        assert 'data-clause="M6.5"' in page
    refused = submit(browser, application)
    assert "还没有提交" in refused.content.decode()
    assert submit(browser, application, insist="on").status_code == 302
    application.refresh_from_db()
    assert application.road().insisted
    with on(DAY):
        assert "作出书面决定" in browser.get(f"/portal/applications/{application.pk}/filed/").content.decode()


@pytest.mark.clause("M3")
@pytest.mark.parametrize(
    "page", ["", "draft/", "draft/check/", "draft/statements/", "draft/materials/M7(1)/", "filed/", "log/", "withdraw/"]
)
def test_another_institutions_application_does_not_exist(driver, browser, page):
    other = Driver(HospitalFactory())
    with on(DAY):
        other.do("start_application")
    assert browser.get(f"/portal/applications/{other.application.pk}/{page}").status_code == 404


def test_the_way_back_after_filing_leads_to_the_application(driver, browser):
    with on(DAY):
        driver.apply()
    pk = driver.application.pk
    assert browser.get(f"/portal/applications/{pk}/draft/")["Location"] == f"/portal/applications/{pk}/"
    assert browser.get(f"/portal/applications/{pk}/draft/check/")["Location"] == f"/portal/applications/{pk}/filed/"

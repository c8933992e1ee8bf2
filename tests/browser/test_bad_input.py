"""What people do wrong with a real browser: told in Chinese, nothing lost, nothing done twice, nothing half done.

What a request alone can do wrong is in tests/pages/test_bad_input.py.
"""

import pytest
from playwright.sync_api import expect

from casework.models import ActRecord, Proposal
from documents.models import Document
from tests.browser.papers import scan
from tests.browser.person import Person, words
from tests.driving import Driver, on
from tests.factories import HospitalFactory

NAME = "北京<script>alert(1)</script>“安”&<b>康</b>门诊部"
DAY = "2026-03-10"


@pytest.fixture
def accepted(town):
    """Under evaluation, by the people of the driver; its name holds a script."""
    driver = Driver(HospitalFactory(name=NAME, district="110105"))
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
    town.move_to(DAY)
    yield driver
    town.looker.report()


def form(person: Person, driver: Driver, word: str) -> Person:
    return person.open(f"/desk/act/application/{driver.application.pk}/{word}/")


def twice(person: Person, button: str) -> Person:
    """Two clicks before anything can answer."""
    pressed = person.page.get_by_role("button", name=words(button)).first
    with person.page.expect_navigation():
        pressed.evaluate("button => { button.click(); button.click(); }")
    return person._arrived()


@pytest.mark.clause("M29")
def test_signing_twice_and_by_two_reviewers_is_signing_once(town, accepted):
    handler, reviewer, other = (town.seat(each, who) for each, who in zip(
        (accepted.city, accepted.city_reviewer, Driver(accepted.institution).city_reviewer), ("handler", "reviewer", "other"), strict=True
    ))  # fmt: skip
    with on(DAY):
        for item in accepted.application.evaluations.latest("round").rubric.items:
            accepted.do("record_finding", item=item["code"], met=True, evidence="现场核查记录")
    form(handler, accepted, "record_result").choose("评估结果", "合格").press("下一步:查看后果")
    twice(handler, "提交复核").sees("已提交复核")
    proposal = Proposal.objects.get()
    for each in (reviewer, other):
        each.open(f"/desk/proposals/{proposal.pk}/").sees("签署后会怎样")
    twice(reviewer, "签署,使其生效").sees("已办理“作出评估结果”")
    other.press("签署,使其生效").sees("没有办理").look("late")
    assert Document.objects.filter(catalogue=9).count() == 1
    assert ActRecord.objects.filter(word="record_result").count() == 1
    # Back to the form of what is done: sent again, it changes nothing.
    reviewer.page.go_back()
    reviewer._arrived()
    assert ActRecord.objects.filter(word="record_result").count() == 1


def test_a_day_that_does_not_exist_never_counts_as_none(town, accepted):
    clerk = town.seat(accepted.city, "city")
    clerk.open("/desk/settlement/").fill("机构编码", accepted.institution.uscc)
    day = clerk.field("医疗服务发生日")
    day.fill("")
    day.focus()
    clerk.page.keyboard.type("02")  # half a day, whatever comes first in this language
    clerk.page.get_by_role("button", name="查询").click()
    clerk.sees("没有这一天").look("no such day")
    for year in ("0001-01-01", "9999-12-31"):
        day.fill(year)
        clerk.press("查询").sees("日期应在")
        day = clerk.field("医疗服务发生日")
        assert day.input_value() == year


def test_what_was_typed_outlives_the_session_and_a_stale_form(town, accepted):
    handler = town["city"]
    form(handler, accepted, "request_evidence").fill("需补充的材料(每行一项)", "设备发票\n收费票据")
    session = handler.context.cookies()
    handler.context.clear_cookies(name="dingdian_session")
    handler.press("要求补充材料").sees("登录")
    handler.fill("用户名", "shi.zheng").page.get_by_label("密码", exact=True).fill("a-long-enough-one-7")
    handler.press("登录").sees("没有办成")
    assert session
    assert handler.field("需补充的材料(每行一项)").input_value() == "设备发票\n收费票据"
    # A colleague is faster: 409 says who did what, and going back brings the text again.
    with on(DAY):
        accepted.do("record_finding", item=accepted.application.evaluations.latest("round").rubric.items[0]["code"], met=True, evidence="x")
    handler.press("要求补充材料").sees("没有办理", accepted.city.user_name, "记录评估意见").look("stale")
    assert not ActRecord.objects.filter(word="request_evidence").exists()
    handler.page.go_back()
    handler._arrived()
    expect(handler.field("需补充的材料(每行一项)")).to_have_value("设备发票\n收费票据")


def test_an_upload_that_lies_is_told_and_the_old_file_stays(town):
    driver = Driver(HospitalFactory(name=NAME, district="110105"))
    with on("2026-03-02"):
        driver.do("start_application")
    owner = town.seat(driver.owner, "owner", width=390, height=844)
    owner.open(f"/portal/applications/{driver.application.pk}/draft/")
    slot = owner.leave_by(owner.page.locator("main .dd-tasks a").first).page.locator("form[data-upload]").first
    file, told = slot.locator("input[type=file]"), slot.locator("[data-problem]")
    file.set_input_files(scan("申请表", "申请表.png"))
    expect(slot.locator("[data-file]")).to_contain_text("申请表.png")
    slot.evaluate("form => { form.dataset.limit = 10000; }")  # as if 20 MB were so few bytes
    for name, content, sentence in (
        ("空的.pdf", b"", "文件是空的"),
        ("程序.pdf", b"MZ\x90\x00 a program", "内容"),
        ("网页.png", b"<html><script>alert(1)</script></html>", "内容"),
        ("太大.pdf", b"%PDF-1.7\n" + b"0" * 20_000, "超过20兆"),
    ):
        file.set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
        expect(told).to_contain_text(sentence)
        expect(slot.locator("[data-file]")).to_contain_text("申请表.png")
    assert driver.application.materials.filter(replaced_at__isnull=True).count() == 1
    town.looker.report()


def test_a_name_is_never_a_script(town, accepted):
    person = town.seat(accepted.city, "desk")
    person.page.on("dialog", lambda dialog: town.looker.wrong.append(dialog.message))
    for address in ("/desk/", "/desk/institutions/", f"/desk/applications/{accepted.application.pk}/"):
        person.open(address).sees("<script>alert(1)</script>")
    assert town.looker.wrong == []

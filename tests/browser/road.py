"""The steps of the road as each of its people clicks them."""

from collections.abc import Iterable

from playwright.sync_api import expect

from tests.browser.papers import scan
from tests.browser.person import Person, words
from tests.browser.town import Town

SPECIALISTS = ("孟华", "龚平", "唐霞", "程峰")


# The institution


def may_apply(person: Person) -> None:
    person.menu("能否申请").sees("今天可以申请", "申请条件").photo("may-apply")
    person.press("开始申请").sees("申请医保定点", "已完成 0 /").photo("task-list")


def upload_all(person: Person, but: Iterable[str] = ()) -> None:
    """Slot by slot from the task list, each file as soon as it is chosen; a slot of ``but`` stays empty."""
    left_out = tuple(but)
    person.leave_by(person.page.locator("main .dd-tasks a").first)
    while True:
        for form in person.page.locator("form[data-upload]").all():
            title = form.locator("label").inner_text()
            if title not in left_out:
                form.locator("input[type=file]").set_input_files(scan(title))
                expect(form.locator("[data-state]")).to_contain_text("已上传")
        if person.page.locator("text=填写申明").count():
            break
        person.leave_by(person.page.locator(".dd-pages a").last)
    person.look("uploaded").photo("upload")
    person.follow("填写申明")


def state_all(person: Person) -> None:
    """Each answer saves itself; then back to the list."""
    for answer in person.page.locator("input[value=yes]").all():
        answer.check()
    person.sees("已自动保存").press("保存并返回清单").sees("已填写")


def submit(person: Person, *notes: str) -> None:
    person.follow("核对并提交").sees("申请机构", "申明", *notes).photo("check-answers")
    person.press("确认无误，提交申请").sees("申请已提交", "申请编号").photo("filed")


# A desk


def judge_all(person: Person) -> Person:
    """Every item that only a person can judge is found fulfilled."""
    for answer in person.page.locator("input[value=yes]").all():
        answer.check()
    return person


def case(person: Person, name: str) -> Person:
    """From the list of what is to be done to the case."""
    return person.menu("待办").follow(name)


def act(person: Person, title: str) -> Person:
    """One of the acts that the case offers now."""
    return person.leave_by(person.page.locator(".dd-actlist").get_by_role("link", name=words(title, begin=True)))


def cannot(person: Person, title: str, *why: str) -> None:
    """An act that the case does not offer, and the reason it gives."""
    reasons = person.page.locator("details:has(.dd-whynot)")
    if reasons.get_attribute("open") is None:
        reasons.locator("summary").click()
    expect(reasons).to_contain_text(title)
    for text in why:
        expect(reasons).to_contain_text(words(text))


def check_materials(person: Person, unfit: str = "", note: str = "") -> None:
    """Every open item beside its file; the one called ``unfit`` is not."""
    person.leave_by(person.page.locator(".dd-acts").get_by_role("link", name="核对材料")).photo("materials")
    for entry in person.page.locator(".dd-bench__list li").all_inner_texts():
        if "未核对" not in entry:
            continue
        person.leave_by(person.page.locator(".dd-bench__list").get_by_role("link", name=entry.replace("未核对", "").strip()))
        if unfit and entry.startswith(unfit):
            person.untick("符合").page.locator(".dd-bench__form textarea, .dd-bench__form input[name=note]").fill(note)
        person.press("记录,看下一项").sees("已记录")
    person.look("checked")
    person.follow("回到申请")


def confirm_act(person: Person, title: str) -> Person:
    """A grave act of one person: consequences first."""
    person.press("下一步:查看后果").sees("会发生什么")
    return person.press(f"确认{title}").sees(f"已办理“{title}”")


def propose(person: Person, title: str, photo: str = "") -> Person:
    """An act of two: the handler's half."""
    person.press("下一步:查看后果").sees("还没有办理", "会发生什么")
    if photo:
        person.photo(photo)
    return person.press("提交复核").sees(f"“{title}”已提交复核", "不能是同一人")


def countersign(town: Town, name: str, title: str, photo: str = "") -> Person:
    """The reviewer's half: finds it on the desk, sees the consequences, signs."""
    reviewer = town["city_reviewer"].menu("复核").follow(title)
    reviewer.sees(name, "签署后会怎样", "制发文书和告知")
    if photo:
        reviewer.photo(photo)
    return reviewer.press("签署,使其生效").sees(f"已办理“{title}”")


def form_team(town: Town, name: str) -> Person:
    person = act(case(town["city"], name), "组成评估小组")
    for number, specialist in enumerate(SPECIALISTS, 1):
        person.page.get_by_label(f"第{number}行 姓名").fill(specialist)
        person.page.get_by_label(f"第{number}行 单位").fill("北京示例评估中心")
    person.photo("team")
    return person.press("组成评估小组").sees("已办理“组成评估小组”", "评估中")


def record_findings(person: Person, unmet: str = "") -> None:
    """Item by item; the one called ``unmet`` is not met."""
    person.leave_by(person.page.locator(".dd-acts").get_by_role("link", name="记录评估意见"))
    titles = [text.replace("未评", "").strip() for text in person.page.locator(".dd-bench__list > ol > li").all_inner_texts()]
    for number, title in enumerate(titles):
        person.sees(title, within=".dd-bench__view")
        if title == unmet:
            person.untick("符合")
        person.fill("依据和证据", "现场核查,与原件一致。" if title != unmet else "没有医保管理人员劳动合同原件。")
        if number == 1:
            person.photo("findings")
        person.press("记录,评下一项").sees("已记录")
    person.look("done")
    person.leave_by(person.page.locator("nav.dd-crumbs a"))


def publish(town: Town, name: str) -> None:
    """Result to the bureau, then to the public."""
    act(case(town["city"], name), "评估结果备案").press("评估结果备案").sees("已办理“评估结果备案”")
    act(town["city"], "发布公示").press("发布公示").sees("已办理“发布公示”", "公示中")


def sign(town: Town, name: str, institution: Person, signer: str) -> None:
    """Invitation, the institution's signature, the agency's two."""
    act(case(town["city"], name), "协商并通知签约").fill("协商记录", "双方按范本协商一致。")
    town["city"].press("协商并通知签约").sees("已办理“协商并通知签约”", "待签署")
    institution.menu("首页").sees("阅读并签署协议").follow("阅读并签署协议")
    institution.sees("协商确定的条款", "有效期").photo("agreement")
    institution.fill("签字人", signer).press("签署协议").sees("请先阅读协议全文").look("refused")
    institution.tick("已阅读协议全文").press("签署协议").sees("已签署。市经办机构签署后协议成立。")
    act(case(town["city"], name), "签订协议")
    propose(town["city"], "签订协议", photo="sign-preview")
    countersign(town, name, "签订协议").sees("已签约")


def file_agreement(town: Town, name: str) -> Person:
    """The agreement to the bureau and to the public; the plate is issued."""
    person = case(town["city"], name)
    act(person, "协议备案并公告").press("协议备案并公告")
    return person.sees("已办理“协议备案并公告”").photo("agreement-desk")

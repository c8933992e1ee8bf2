"""Agreements after signing, as their people live with them: suspension, hearing, change, renewal, a chain terminated and restored."""

import pytest

from agreements.models import Agreement
from casework import door
from consistency import checking
from deadlines import clock
from institutions.models import Institution
from offices.actors import Actor, actor_for
from offices.models import Membership
from tests.browser import road
from tests.browser.papers import scan
from tests.browser.person import Person
from tests.browser.town import Town
from tests.driving import on, people
from tests.factories import ChainFactory, HospitalFactory, PersonFactory, PharmacyFactory

HOSPITAL = "北京听泉康宁门诊部"
HEAD = "夏柏年（法定代表人、连锁总部法定代表人）"
STORES = ("柳荫百草大药房望京店", "柳荫百草大药房酒仙桥店")


def seat_of(username: str) -> Actor:
    return actor_for(Membership.objects.get(user__username=username))


def take_over(institution: Institution, number: str) -> Agreement:
    """An agreement of this year, taken over from the paper file."""
    data = {"number": number, "first_day": "2026-01-01", "last_day": "2026-12-31", "kind": "annual"}
    city, reviewer = seat_of("shi.zheng"), seat_of("shi.feng")
    with on("2026-03-02"):
        door.perform("take_over_agreement", institution, actor=city, reviewer=reviewer, data=data)
    return Agreement.objects.get(number=number)


def owner(town: Town, institution: Institution, who: str, **window: int) -> Person:
    actor, _ = people("institution", institution=institution)
    return town.seat(actor, who, **window).open("/")


def agreement(person: Person, name: str) -> Person:
    """From the list of agreements to one of them."""
    return person.menu("协议").follow(name)


def asks(person: Person, title: str, **fields: str) -> Person:
    """The institution's own request: the rule, the form, what follows, the deed."""
    person.menu("首页").follow("协议、变更和申请").follow(title)
    for label, value in fields.items():
        person.fill(label, value)
    return person.press("下一步:核对").sees("请核对", "提交以后")


def pick(person: Person, answer: str) -> Person:
    """A question with two answers."""
    person.page.get_by_role("radio", name=answer, exact=True).check()
    return person


def confirms(person: Person, title: str) -> Person:
    return person.press("确认提交").sees(f"已提交“{title}”")


@pytest.mark.clause("M42.1", "M42.4", "M44.1", "M40.1", "M41.1", "M33", "R6", "R8")
def test_a_clinic_suspends_resumes_changes_and_renews(town):
    clinic = HospitalFactory(name=HOSPITAL, district="110105", ownership="private")
    take_over(clinic, "旧协2026-001")
    office = owner(town, clinic, "clinic")

    # Suspension at request: the rule is told first, too many days and too early are refused with nothing lost.
    office.sees("履行中").follow("协议、变更和申请").follow("申请中止协议").sees("自动终止")
    office.fill("中止第一日(至少3个月之后)", "2026-04-01").fill("中止天数(最多180日)", "200").fill("原因", "房屋装修").press("下一步:核对")
    office.sees("180", "3个月")
    assert office.field("原因").input_value() == "房屋装修"
    office.fill("中止第一日(至少3个月之后)", "2026-07-01").fill("中止天数(最多180日)", "60").press("下一步:核对")
    office.sees("请核对").photo("suspension-asked")
    confirms(office, "申请中止协议").sees("待决定")
    town.move_to("2026-03-04")
    city = agreement(town["city"], HOSPITAL)
    pick(road.act(city, "答复中止申请"), "同意")
    road.propose(city, "答复中止申请")
    road.countersign(town, HOSPITAL, "答复中止申请").sees("同意申请事项通知书")
    town.move_to("2026-07-10")
    office.menu("首页").sees("中止中", "申请恢复履行").photo("suspended-home")

    # Whoever asks whether a service is settled gets clause and sentence.
    city.menu("结算查询").fill("机构编码", clinic.national_code or clinic.uscc).fill("医疗服务发生日", "2026-07-10").press("查询")
    city.sees("不予结算", "第四十二条").photo("settlement")

    # Back in force on the day after the agency confirmed it.
    asks(office, "申请恢复履行")
    confirms(office, "申请恢复履行")
    road.act(agreement(city, HOSPITAL), "确认恢复履行").press("确认恢复履行").sees("已办理“确认恢复履行”")
    town.move_to("2026-07-11")
    office.menu("首页").sees("履行中")

    # The campaign: tried first, then done.
    clerk = town["district"].menu("在办").follow("续签统一办理").sees("未通知、未申请", HOSPITAL)
    clerk.page.get_by_label("全选本页").check()
    clerk.press("批量统一组织续签").press("先试办").sees("还没有办理", "可以办理").photo("campaign")
    clerk.press("办理 1 件").sees("已办理 1 件")
    asks(office, "申请续签")
    confirms(office, "申请续签")

    # A new address: approved, reported, granted by the city.
    office.menu("首页").follow("协议、变更和申请").follow("申报信息变更").choose("变更事项", "地址")
    office.fill("变更后(人员填姓名;诊疗科目每行一项)", "北京市朝阳区听泉路2号")
    office.fill("主管部门批准之日", "2026-07-01").fill("批准文书", "示例批复〔2026〕3号")
    office.hand_in("批准文书的文件", scan("批复")).press("下一步:核对").sees("请核对")
    confirms(office, "申报信息变更")
    pick(road.act(agreement(city, HOSPITAL), "核准信息变更"), "核准").press("核准信息变更").sees("已办理“核准信息变更”")
    pick(road.act(agreement(city, HOSPITAL), "决定续签"), "协商一致，同意续签").fill("机构签字人", "沈知秋")
    road.propose(city, "决定续签")
    road.countersign(town, HOSPITAL, "决定续签").sees("2027-12-31")
    town.looker.report()


@pytest.mark.clause("M38.6", "M43", "P40", "P40.14", "M12.5", "M46", "R4", "R5", "R9", "R10", "R11")
def test_a_chain_is_suspended_terminated_and_gets_it_annulled(town):
    fault = PersonFactory(name="夏柏年")
    chain = ChainFactory(name="柳荫百草大药房连锁有限公司", legal_representative=fault)
    stores = [PharmacyFactory(name=name, district="110105", chain=chain) for name in STORES]
    for number, store in enumerate(stores, 1):
        store.posts.filter(post="legal_representative").update(person=fault)
        take_over(store, f"旧协2026-01{number}")
    shop, sister = (owner(town, store, f"store{number}") for number, store in enumerate(stores))
    city = town["city"]

    # Imposed suspension: intended, heard, decided by two, rectified.
    road.act(agreement(city, STORES[0]), "拟处理告知").choose("拟作出的处理", "中止医保协议").tick("未按规定提供数据")
    city.fill("认定的事实", "两个月的进销存数据没有上传。").press("拟处理告知").sees("已办理“拟处理告知”", "等待陈述申辩")
    road.act(city, "中止协议").choose("情形", "P39.5(2) 未按规定提供数据或提供不实数据")
    city.press("下一步:查看后果").sees("陈述申辩期", "不能作出决定")
    shop.menu("首页").follow("陈述申辩").fill("陈述申辩意见(空为没有意见)", "系统更换，已补传。")
    shop.press("下一步:核对").photo("heard")
    confirms(shop, "陈述申辩")
    town.move_to("2026-03-03")
    road.act(agreement(city, STORES[0]), "中止协议").choose("情形", "P39.5(2) 未按规定提供数据或提供不实数据")
    city.fill("中止最后一日(空为满180日)", "2026-04-30").fill("认定的事实和证据", "数据核对结果。")
    city.fill("整改要求(每行一项)", "补传全部数据")
    road.propose(city, "中止协议")
    road.countersign(town, STORES[0], "中止协议").sees("中止中")
    town.move_to("2026-04-10")
    clerk = agreement(town["district"], STORES[0])
    pick(road.act(clerk, "整改验收"), "整改到位").press("整改验收").sees("已办理“整改验收”")
    town.move_to("2026-05-01")
    shop.menu("首页").sees("履行中")

    # Termination on two grounds: the preview names every branch, person and ban before anybody signs.
    road.act(agreement(city, STORES[0]), "拟处理告知").choose("拟作出的处理", "解除医保协议")
    city.tick("伪造票据账目处方骗取基金").tick("转借结算设备")
    city.choose("连锁总部有过错的人员(告知有关分支)", HEAD)
    city.fill("认定的事实", "处方与销售记录不符。").press("拟处理告知").sees("已办理“拟处理告知”")
    for told in (shop, sister):
        told.menu("首页").follow("陈述申辩").press("下一步:核对")
        confirms(told, "陈述申辩")
    road.act(agreement(city, STORES[0]), "解除协议").tick("伪造票据账目处方骗取基金").tick("转借结算设备")
    city.fill("认定的事实和证据", "处方与销售记录不符，询问记录在卷。").choose("连锁总部有过错的人员", HEAD)
    city.press("下一步:查看后果").sees("解除协议的机构（2 家）", STORES[1], "夏柏年", "严重违法违规", "2029-05-01", "2031-05-01")
    city.photo("termination-preview")
    city.press("提交复核").sees("已提交复核")
    road.countersign(town, STORES[0], "解除协议").sees("已解除", "解除医保协议决定书")
    shop.menu("首页").sees("不得申请").photo("terminated-home")
    everybody = town.arrive("public").open("/public/terminated/").sees(*STORES).photo("terminated-list")
    city.menu("机构").follow(STORES[0]).sees("不得申请").photo("one-file")

    # The reconsideration annuls it: consequences first, then everything is undone by an act.
    town.move_to("2026-05-20")
    shop.open("/portal/disputes/").follow("登记复议或诉讼").choose("途径", "行政复议").fill("受理机关和案号等", "示例政复〔2026〕5号")
    shop.field("所针对的决定").select_option(index=1)
    shop.press("下一步:核对")
    confirms(shop, "登记复议或诉讼")
    town.move_to("2026-06-30")
    city.menu("在办").open("/desk/life/?sort=dispute").follow(STORES[0])
    road.act(city, "登记复议或诉讼结果").choose("结果", "撤销").fill("文书和主要内容", "撤销解除决定。")
    city.press("下一步:查看后果").sees("会发生什么", "履行中", "不再解除的机构（2 家）").photo("annulled-preview")
    city.press("提交复核").sees("已提交复核")
    road.countersign(town, STORES[0], "登记复议或诉讼结果")
    shop.menu("首页").sees("履行中")
    sister.menu("首页").sees("履行中")
    everybody.open("/public/terminated/").does_not_see(*STORES)

    with on("2026-06-30"):
        checking.run()
        assert [store.agreements.get().derived(clock.today()) for store in stores] == ["active", "active"]
    town["auditor"].menu("一致性检查").sees("没有矛盾").photo("consistency")
    town.looker.report()

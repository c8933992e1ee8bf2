"""A hospital from the front door to the public list: a supplement, stopped clock, an objection that does not hold."""

import re

import pytest

from tests.browser import road, settling
from tests.browser.papers import scan
from tests.browser.settling import HOSPITAL

NAME = HOSPITAL.name
LEFT_OUT = "医保基金使用预测分析报告"


@pytest.mark.clause("M7", "M8.2", "M8.3", "M9.1", "M9.2", "M9.3", "M9.4", "M9.5", "M10.1", "M10.2", "M11", "M20", "R2", "R3", "R12")
def test_a_hospital_goes_down_the_whole_road(town):
    hospital = settling.sign_up(town, HOSPITAL)
    settling.confirm(town, HOSPITAL, hospital)
    settling.record_of_hospital(hospital)
    hospital.menu("首页")
    settling.consent(hospital, "方志远")

    # Draft, uploads, filing without one of the materials.
    road.may_apply(hospital)
    road.upload_all(hospital, but=[LEFT_OUT])
    road.state_all(hospital)
    road.submit(hospital, "还有 1 项材料没有上传")
    hospital.menu("首页").sees("已提交，等待核对材料", "现在由区经办机构办理", "剩 7 天", "2026年3月9日")
    hospital.sees("材料接收凭证").photo("home-filed")

    # The district finds one more unfit and tells everything at once.
    town.move_to("2026-03-04")
    clerk = town["district"]
    clerk.menu("待办").sees(NAME, "剩 5 天").photo("desk-district")
    clerk.follow(NAME).standing("待核对", "区经办机构", "2026年3月9日").photo("case-district")
    road.cannot(clerk, "受理", f"材料不齐：{LEFT_OUT}", "第八条")
    road.check_materials(clerk, unfit="信息系统相关材料", note="缺少接口说明。")
    road.act(clerk, "一次性告知补正").photo("supplement-form").press("一次性告知补正")
    clerk.sees("已办理“一次性告知补正”", "一次性告知书")
    clerk.standing("申请机构")

    # The institution hands in what is missing; the district answers on another day.
    town.move_to("2026-03-10")
    hospital.menu("首页").sees("需要补正材料", "现在由本机构办理").follow("补正材料")
    hospital.sees("缺少接口说明。", LEFT_OUT).photo("supplement")
    for form in hospital.page.locator("form[data-upload]").all():
        form.locator("input[type=file]").set_input_files(scan(form.locator("label").inner_text()))
        form.locator("text=已上传").wait_for()
    hospital.sees("需要补正的都已上传。").press("提交补正材料").sees("补正材料已全部提交")
    town.move_to("2026-03-11")
    road.case(clerk, NAME)
    road.check_materials(clerk)
    road.judge_all(road.act(clerk, "受理")).press("受理").sees("已办理“受理”", "受理通知书")
    # Accepted by arrival (R3): three months from 10 March.
    clerk.standing("已受理", "市经办机构", "2026年6月10日")

    # Evaluation; what is asked for stops the clock for ten days.
    town.move_to("2026-03-16")
    road.form_team(town, NAME).standing("评估中", "市经办机构", "2026年6月10日")
    town.move_to("2026-03-23")
    city = town["city"]
    road.act(road.case(city, NAME), "要求补充材料").fill("需补充的材料(每行一项)", "信息系统测试报告").press("要求补充材料")
    city.standing("停钟").photo("case-paused")
    city.menu("待办").sees(NAME, "停钟")
    hospital.menu("首页").sees("评估中，需要补充材料", "停钟").follow("补充评估材料")
    town.move_to("2026-04-02")
    hospital.sees("自 2026年3月23日 起停止计算").hand_in("信息系统测试报告", scan("信息系统测试报告"))
    hospital.press("提交这一项").sees("已全部提交，评估期限继续计算")
    road.case(city, NAME).standing("评估中", "2026年6月22日")
    city.page.locator(".dd-why summary").click()
    city.sees("10天", within=".dd-why").photo("case-why")

    # Findings, result by two, notice.
    town.move_to("2026-04-10")
    road.record_findings(city)
    road.act(city, "作出评估结果").choose("评估结果", "合格")
    road.propose(city, "作出评估结果", photo="result-preview")
    road.countersign(town, NAME, "作出评估结果", photo="proposal").standing("评估合格")
    town.move_to("2026-04-13")
    road.publish(town, NAME)
    road.act(city, "送达评估结果").press("送达评估结果").sees("已办理“送达评估结果”")
    hospital.menu("首页").sees("公示中")

    # Anybody objects, without signing in; until it is answered nothing is signed.
    town.move_to("2026-04-15")
    neighbour = town.arrive("public")
    neighbour.open("/").menu("公示").sees(NAME, "2026-04-13 至 2026-04-20").photo("notices")
    neighbour.follow("提出异议").fill("异议内容", "该门诊部营业时间与公示不符。").fill("姓名或单位", "某居民").press("提出异议")
    neighbour.sees("异议已收到", NAME)
    town.move_to("2026-04-21")
    road.case(city, NAME).sees("该门诊部营业时间与公示不符。", "1件异议未办结")
    hospital.menu("首页").follow("查看申请").sees("公示期间收到的异议", "核查中").does_not_see("某居民")
    road.act(city, "处理异议").fill("核查结论", "经现场核查,营业时间与登记一致。")
    road.confirm_act(city, "处理异议").standing("协商签约")
    hospital.menu("首页").follow("查看申请").sees("不成立").photo("application-portal")

    # Both sides sign, it is filed and the public sees it.
    road.sign(town, NAME, hospital, "方志远")
    neighbour.menu("定点名单").sees(NAME, "2026-04-21 至 2027-04-20").photo("designated")
    neighbour.follow(NAME).sees("是医保定点机构", "2026年4月21日").photo("public-institution")
    desk = road.file_agreement(town, NAME)
    hospital.menu("首页").sees("履行中").photo("home-signed")

    # Papers: the plate opens as a PDF for the institution, and its code proves it to anybody.
    hospital.menu("文书").sees("受理通知书", "服务协议", "标识").photo("documents")
    hospital.follow("北京市基本医疗保险定点医疗机构标识").sees("核验码").photo("paper")
    assert hospital.fetch(hospital.page.get_by_role("link", name="打开文书")).startswith(b"%PDF")
    code = re.search(r"核验码\s*([A-Z0-9-]{12,})", hospital.page.locator("main").inner_text())
    assert code
    neighbour.menu("核验文书").fill("文号或者核验码", code[1]).press("核验").sees("真实、有效", NAME).photo("verify")
    links = desk.page.locator("main a[href^='/documents/']:not([href*=download])").all()
    assert len(links) == 4
    assert all(desk.fetch(link).startswith(b"%PDF") for link in links)
    town.looker.report()

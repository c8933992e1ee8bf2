"""From the front door to a complete record: an institution signs up, the district confirms, the record is filled in."""

from dataclasses import dataclass

from institutions.madeup import id_number, uscc
from tests.browser.person import Person
from tests.browser.town import PASSWORD, Town


@dataclass(frozen=True)
class Applicant:
    """What somebody of the institution types about it."""

    kind: str
    name: str
    username: str
    contact: str
    serial: int
    licence: str

    @property
    def uscc(self) -> str:
        return uscc(self.serial)


HOSPITAL = Applicant("hospital", "北京听泉康宁门诊部", "tingquan", "方雪", 7001, "PDY0700100110105D1102")
PHARMACY = Applicant("pharmacy", "北京柳荫百草大药房", "liuyin", "夏斌", 7002, "京DA0107002")
POSTS = (("法定代表人", "方志远"), ("主要负责人", "方雪"), ("实际控制人", "方志远"))


def sign_up(town: Town, applicant: Applicant, **window: int) -> Person:
    """Asks for an account, waits for the district, signs in."""
    person = town.arrive(applicant.username, **window)
    person.open("/").follow("注册")
    person.tick("医疗机构" if applicant.kind == "hospital" else "零售药店")
    person.fill("机构全称", applicant.name).fill("统一社会信用代码", applicant.uscc).fill("许可证号", applicant.licence)
    person.choose("所在区", "朝阳区")
    person.fill("联系人", applicant.contact).fill("手机", "13900000000").fill("用户名", applicant.username)
    person.fill("新密码", "12345").fill("再输一遍密码", "12345").press("提交注册")
    person.sees("请先改正下列问题", "密码").look("refused")
    person.fill("新密码", PASSWORD).fill("再输一遍密码", PASSWORD).press("提交注册")
    person.sees("注册已提交", "查询码").photo("sign-up-taken")
    return person


def confirm(town: Town, applicant: Applicant, person: Person) -> None:
    """The clerk of the district compares with the papers and opens the account."""
    clerk = town["district"].menu("机构注册").follow(applicant.name)
    clerk.sees(applicant.uscc, applicant.licence).photo("sign-up-check")
    clerk.press("核对无误，开通").sees(f"已为{applicant.name}开通账户")
    person.sign_in(applicant.username, PASSWORD).sees(applicant.name, "补全机构资料", "签署线上送达同意书")


def consent(person: Person, signer: str) -> None:
    person.follow("签署线上送达同意书").fill("签字人", signer).tick("本机构同意").press("签署")


def record_of_hospital(person: Person) -> None:
    person.menu("机构资料").sees("资料不齐").follow("补填、更改")
    person.fill("地址", "北京市朝阳区听泉路1号").fill("电话", "010-60000001")
    person.choose("类别", "门诊部").choose("所有制", "社会办")
    person.fill("正式运营之日", "2025-06-01").fill("编制床位数", "0").fill("诊疗科目(每行一项)", "内科\n口腔科")
    person.press("保存").sees("已保存")
    person.follow("登记证照").choose("证照", "医疗机构执业许可证").fill("证号", HOSPITAL.licence)
    person.fill("有效期起", "2025-05-20").fill("有效期止", "2030-05-19").press("登记")
    for number, (post, name) in enumerate(POSTS):
        person.follow("登记负责人").choose("职务", post).fill("姓名", name)
        person.fill("身份证件号码", id_number(8001 + number % 2)).fill("任职起始日", "2025-05-20").press("登记")
        person.sees("已保存")
    person.follow("登记执业人员").fill("姓名", "石青").tick("(第一)注册地在本机构").fill("在本机构注册之日", "2025-06-10").press("登记")
    person.follow("登记医保管理人员").fill("姓名", "何芳").tick("专职").fill("劳动合同起", "2025-06-01").press("登记")
    person.sees("已保存").does_not_see("资料不齐").photo("record")


def record_of_pharmacy(person: Person) -> None:
    person.menu("机构资料").follow("补填、更改")
    person.fill("地址", "北京市朝阳区柳荫街2号").choose("所有制", "社会办").fill("正式运营之日", "2025-01-08")
    person.fill("经营范围", "中成药、化学药制剂").press("保存").sees("已保存")
    person.follow("登记证照").choose("证照", "药品经营许可证").fill("证号", PHARMACY.licence).fill("有效期起", "2025-01-02").press("登记")
    for number, post in enumerate(("法定代表人", "主要负责人", "实际控制人")):
        person.follow("登记负责人").choose("职务", post).fill("姓名", f"夏斌{'甲乙丙'[number]}")
        person.fill("身份证件号码", id_number(8101 + number)).fill("任职起始日", "2025-01-02").press("登记").sees("已保存")
    person.follow("登记执业人员").fill("姓名", "金玲").tick("(第一)注册地在本机构").fill("在本机构注册之日", "2025-01-08")
    person.fill("劳动合同起", "2025-01-08").fill("劳动合同止", "2027-01-07").press("登记").sees("已保存")
    for name in ("范慧", "余洁"):
        person.follow("登记医保管理人员").fill("姓名", name).fill("劳动合同起", "2025-01-08").fill("劳动合同止", "2027-01-07").press("登记")
        person.sees("已保存")

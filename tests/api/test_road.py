"""A hospital goes the whole road by API alone: every act of the road, by the programs of the different people."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Agreement
from applications.materials import items_on
from applications.statements import STATEMENTS
from tests.api.conftest import Program
from tests.driving import PDF, Driver, on

pytestmark = pytest.mark.django_db

SPECIALTIES = ("insurance", "medicine", "finance", "it")


class Office:
    """The two programs of an office: the handler's and the reviewer's."""

    def __init__(self, handler: Any, reviewer: Any = None) -> None:
        self.handler = Program(handler)
        self.reviewer = Program(reviewer) if reviewer is not None else None

    def act(self, word: str, address: str, **data: Any) -> Any:
        return self.handler.post(f"{address}/acts/{word}", data)

    def sign_off(self, word: str, address: str, **data: Any) -> Any:
        """The handler proposes, the reviewer confirms."""
        proposal = self.handler.post(f"{address}/acts/{word}", data, status=202)
        assert self.handler.last["Location"] == proposal["url"]
        assert self.reviewer is not None
        return self.reviewer.post(f"proposals/{proposal['id']}/confirm")


@pytest.mark.clause("M7", "M8.1", "M8.2", "M9.1", "M9.2", "M9.3", "M9.4", "M9.5", "M10.1", "M10.2", "M11", "M29", "M34")
def test_the_whole_road_by_api() -> None:
    driver = Driver()
    own, public = Office(driver.owner), Program()
    district, city = Office(driver.district, driver.district_reviewer), Office(driver.city, driver.city_reviewer)
    home = f"institutions/{driver.institution.pk}"
    with on("2026-03-02"):
        assert own.handler.get(f"{home}/may-apply")["yes"]
        case = f"applications/{own.act('start_application', home)['recorded']['application']}"
        own.act("save_draft", case, attest={"M6.4": True})
        items = [item.id for item in items_on("hospital", date(2026, 3, 2))]
        assert own.handler.get(case)["missing"] == items
        for item in items[1:]:
            own.handler.post(f"{case}/acts/upload_material", {"item": item}, file=SimpleUploadedFile("材料.pdf", PDF))
        district.handler.get(case, status=404)  # a draft is the institution's own
        short = own.handler.post(f"{case}/acts/submit_application", {"attest": {"M6.5": True}}, status=400)["errors"]["attest"]
        assert short == ["还有 4 条申明没有填写（M6.6、M12.1、M12.2、M12.9），请先完成申明。"]
        filed = own.act("submit_application", case, attest=dict.fromkeys(STATEMENTS["hospital"], True))
        assert filed["after"] == "submitted"
        assert filed["documents"][0]["title"] == "医保定点申请材料接收凭证"
    with on("2026-03-04"):
        assert [row["id"] for row in district.handler.get("applications", waits_for="district_agency")["results"]] == [
            filed["subject"]["id"]
        ]
        district.act("assign", case, owner=driver.district.user_id)
        district.act("check_material", case, item=items[1], fit=True)
        district.act("request_supplement", case, items=[{"item": items[0], "wrong": "未提交"}])
    with on("2026-03-06"):
        own.handler.post(f"{case}/acts/upload_material", {"item": items[0]}, file=SimpleUploadedFile("材料.pdf", PDF))
        assert own.act("supply", case, items=[items[0]])["after"] == "submitted"
    with on("2026-03-09"):
        district.act("accept", case)
        assert city.handler.get(case)["accepted_on"] == "2026-03-06"
        members = [{"name": f"评估员{n}", "specialty": each} for n, each in enumerate(SPECIALTIES)]
        city.act("form_team", case, members=members)
        city.act("request_evidence", case, items=["财务报表"])
    with on("2026-03-12"):
        own.handler.post(f"{case}/acts/supply_evidence", {"items": ["财务报表"]}, file=SimpleUploadedFile("报表.pdf", PDF))
        rubric = city.handler.get(f"{case}/evaluations")[0]["items"]
        for item in rubric:
            city.act("record_finding", case, item=item["code"], met=True, evidence="现场核查")
        assert own.handler.get(f"{case}/evaluations")[0]["findings"] == []
        assert city.sign_off("record_result", case, result="pass")["after"] == "passed"
        city.act("serve_result", case)
        batch = {"ids": [filed["subject"]["id"]], "data": {}}
        assert city.handler.post("acts/file_result", {**batch, "dry_run": True})["rows"][0]["outcome"]["act"] == "file_result"
        assert city.handler.post("acts/file_result", batch)["rows"][0]["problem"] is None
        assert city.handler.post("acts/file_result", batch)["rows"][0]["problem"]["status"] == 422
        city.act("open_notice", case)
    with on("2026-03-13"):
        shown = public.get("public/notices")["results"]
        assert [(row["institution"]["id"], row["open"]) for row in shown] == [(driver.institution.pk, True)]
        public.post(f"{case}/acts/object", {"text": "地址与执照不符"})
        city.act("resolve_objection", case, outcome="经核查一致", upheld=False)
    with on("2026-03-23"):
        assert own.handler.get(case)["state"] == "negotiating"
        city.act("invite_to_sign", case)
        own.act("institution_signs", case, signer="赵一")
        signed = city.sign_off("sign", case)
        assert signed["after"] == "signed"
        agreement = f"agreements/{signed['recorded']['agreement']}"
        city.act("file_agreement", agreement)
        assert public.get("public/institutions")["results"][0]["agreement"]["number"] == Agreement.objects.get().number
        assert public.get(f"public/{home}")["state"] == "designated"
        assert own.handler.get(agreement)["state"] == "active"
        paper = signed["documents"][0]
        answer = public.get("public/verification", q=paper["number"])
        assert answer["standing"] == "valid"
    log = district.handler.get(f"{case}/log")["results"]
    assert [row["word"] for row in reversed(log)][:3] == ["save_draft", "upload_material", "upload_material"]

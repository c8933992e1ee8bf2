"""The public check of a document, and its PDF by permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from documents import issuing
from documents.models import Document
from tests.factories import MembershipFactory, OfficeFactory

Maker = Callable[..., Document]


def page(client: Client, address: str, **query: str) -> tuple[int, str]:
    response = client.get(address, query, follow=True)
    return response.status_code, response.content.decode()


def signed_in(client: Client, **office: Any) -> Client:
    membership = MembershipFactory(office=OfficeFactory(**office))
    client.force_login(membership.user)
    return client


def test_the_code_tells_all_there_is_to_compare(client: Client, issued: Maker) -> None:
    document = issued(4)
    status, text = page(client, f"/verify/{document.code}/")
    assert status == 200
    for part in ("真实、有效", document.number, document.title, document.issuer.name, "2026年3月2日", "北京安和康复医院", document.digest):
        assert part in text


def test_a_number_alone_hides_about_whom_it_is(client: Client, issued: Maker) -> None:
    document = issued(4)
    _, text = page(client, "/verify/", q=document.number)
    assert "真实、有效" in text
    assert document.digest in text
    assert "北京安和康复医院" not in text
    assert "北京○○○○医院" in text
    assert document.readable_code not in text


@pytest.mark.parametrize("spelling", ["plain", "grouped", "small"])
def test_a_code_is_taken_however_it_is_typed(client: Client, issued: Maker, spelling: str) -> None:
    document = issued(4)
    typed = {"plain": document.code, "grouped": document.readable_code, "small": f" {document.readable_code.lower()} "}[spelling]
    _, text = page(client, "/verify/", q=typed)
    assert "北京安和康复医院" in text


def test_a_number_is_taken_with_the_brackets_of_a_keyboard(client: Client, issued: Maker) -> None:
    document = issued(4)
    _, text = page(client, "/verify/", q=document.number.replace("〔", "[").replace("〕", "]"))
    assert document.number in text


@pytest.mark.parametrize(
    "typed",
    [
        "朝医保定受〔2026〕第9999号",
        "AAAA-AAAA-AAAA",
        "<script>alert(1)</script>",
        "'; drop",
        "\x00",
        "字" * 500,
        "%00",
    ],
)
def test_what_is_not_there_is_said_so(client: Client, db: None, typed: str) -> None:
    _, text = page(client, "/verify/", q=typed)
    assert "没有查到这份文书" in text
    assert "<script>alert" not in text


def test_a_code_that_does_not_exist_answers_404_with_the_form(client: Client, db: None) -> None:
    status, text = page(client, "/verify/AAAABBBBCCCC/")
    assert status == 404
    assert "没有查到这份文书" in text


def test_an_empty_question_shows_the_form_only(client: Client, db: None) -> None:
    status, text = page(client, "/verify/")
    assert status == 200
    assert "没有查到" not in text


def test_void_and_replaced_papers_are_said_to_be_so(client: Client, issued: Maker) -> None:
    first = issued(2)
    second = issued(2, supersedes=first)
    assert f"这份文书已被 {second.number} 代替" in page(client, f"/verify/{first.code}/")[1]
    issuing.void(second, "机构名称有误")
    text = page(client, f"/verify/{second.code}/")[1]
    assert "已作废" in text
    assert "机构名称有误" in text
    assert "真实、有效" not in text


def test_data_that_do_not_fit_their_digest_are_said_to_be_broken(client: Client, issued: Maker) -> None:
    import pgtrigger

    document = issued(2)
    with pgtrigger.ignore("documents.Document:frozen"):
        Document.objects.filter(pk=document.pk).update(data={**document.data, "accepted_on": "2020-01-01"})
    assert "登记的内容与摘要不符" in page(client, f"/verify/{document.code}/")[1]


def test_the_pdf_of_a_public_notice_is_open_and_no_other(client: Client, issued: Maker) -> None:
    notice, refusal = issued(13), issued(4)
    answer = client.get(f"/verify/{notice.code}/file/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert client.get(f"/verify/{refusal.code}/file/").status_code == 404


@pytest.mark.clause("M3")
def test_a_paper_of_another_district_does_not_exist(client: Client, issued: Maker) -> None:
    document = issued(4)
    address = f"/documents/{document.pk}/"
    assert client.get(address).status_code == 302
    own = signed_in(Client(), role="district_bureau")
    answer = own.get(address)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert "inline" in answer["Content-Disposition"]
    assert "attachment" in own.get(address, {"download": "1"})["Content-Disposition"]
    stranger = signed_in(Client(), role="third_party")
    assert stranger.get(address).status_code == 404
    assert stranger.get("/documents/999999/").status_code == 404


def test_a_lost_file_is_said_and_no_server_error(client: Client, issued: Maker) -> None:
    from documents import rendering

    document = issued(13)
    rendering.pdf(document)
    document.refresh_from_db()
    document.pdf.storage.delete(document.pdf.name)
    answer = client.get(f"/verify/{document.code}/file/")
    assert answer.status_code == 503
    assert "联系平台管理员" in answer.content.decode()

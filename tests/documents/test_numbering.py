"""Numbers under load: gapless per issuer, kind and year with twenty issuers at the same time, some of whom change their minds."""

import random
import threading
from datetime import date

import pytest
from django.db import connection, transaction

from documents import numbering
from documents.catalogue import CATALOGUE
from documents.issuing import issue
from documents.models import Document
from tests.documents.samples import an_office, sample

ISSUERS = 20
ACTS = 12


class ChangedMindError(Exception):
    pass


def office_at_work(office: object, seed: int, problems: list[BaseException]) -> None:
    chance = random.Random(seed)
    try:
        for _ in range(ACTS):
            kinds = chance.sample([2, 4, 11], k=2)
            try:
                with transaction.atomic():
                    for kind in kinds:
                        issue(kind, issuer=office, institutions=[1], on=date(2026, 3, 2), data=sample(kind))  # type: ignore[arg-type]
                    if chance.random() < 0.3:
                        raise ChangedMindError
            except ChangedMindError:
                pass
    except BaseException as problem:
        problems.append(problem)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_twenty_issuers_at_once_leave_no_gap_and_no_twin() -> None:
    offices = [an_office("京医保"), an_office("海医保")]
    problems: list[BaseException] = []
    threads = [threading.Thread(target=office_at_work, args=(offices[seed % 2], seed, problems)) for seed in range(ISSUERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not problems
    assert not any(thread.is_alive() for thread in threads)
    for office in offices:
        for kind in (2, 4, 11):
            serials = list(Document.objects.filter(issuer=office, catalogue=kind).order_by("serial").values_list("serial", flat=True))
            assert len(serials) > ACTS
            assert serials == list(range(1, len(serials) + 1))
    assert numbering.gaps() == []


def test_no_two_kinds_share_a_number() -> None:
    words = [kind.word for kind in CATALOGUE.values()]
    assert len(set(words)) == len(words) == 50

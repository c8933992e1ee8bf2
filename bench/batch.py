"""Batches of 5,000 settlement answers over HTTP: python -m bench.batch

All codes are asked about once before the time is taken: a settlement system asks of the same institutions day by day,
so their rows are in the memory of the machine.
"""

from __future__ import annotations

import http.client
import json
import random
import statistics
import time

from bench.common import codes, ready, server, tell, token

ROWS, ROUNDS = 5000, 20


def rate(port: int, headers: dict[str, str], rows: list[dict[str, str]]) -> float:
    """Answers per second for one batch, from the request to the last byte."""
    body = json.dumps({"rows": rows})
    connection = http.client.HTTPConnection("127.0.0.1", port)
    begun = time.monotonic()
    connection.request("POST", "/api/v1/settlement/answers", body, headers)
    answer = connection.getresponse()
    told = answer.read()
    seconds = time.monotonic() - begun
    assert answer.status == 200, told[:300]
    assert len(json.loads(told)["answers"]) == len(rows)
    return len(rows) / seconds


def main() -> None:
    ready()
    headers, asked = {"Authorization": f"Bearer {token()}", "Content-Type": "application/json"}, codes(50_000)
    draw = random.Random(1)
    first = [[{"code": code, "service_on": "2026-06-15"} for code in asked[at : at + ROWS]] for at in range(0, len(asked), ROWS)]
    later = [[{"code": draw.choice(asked), "service_on": f"2026-{draw.randint(1, 12):02d}-15"} for _ in range(ROWS)] for _ in range(ROUNDS)]
    with server() as (port, _):
        for rows in first:
            rate(port, headers, rows)
        rates = [rate(port, headers, rows) for rows in later]
    tell(rows_per_batch=ROWS, answers_per_second_median=statistics.median(rates), answers_per_second_best=max(rates))


if __name__ == "__main__":
    main()

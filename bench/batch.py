"""Batches of 5,000 settlement answers over HTTP: python -m bench.batch"""

from __future__ import annotations

import http.client
import json
import random
import statistics
import time

from bench.common import codes, ready, server, tell, token

ROWS, ROUNDS = 5000, 10


def main() -> None:
    ready()
    headers, asked = {"Authorization": f"Bearer {token()}", "Content-Type": "application/json"}, codes(50_000)
    draw = random.Random(1)
    rates = []
    with server() as (port, _):
        for _ in range(ROUNDS + 1):
            rows = [{"code": draw.choice(asked), "service_on": f"2026-{draw.randint(1, 12):02d}-15"} for _ in range(ROWS)]
            body = json.dumps({"rows": rows})
            connection = http.client.HTTPConnection("127.0.0.1", port)
            begun = time.monotonic()
            connection.request("POST", "/api/v1/settlement/answers", body, headers)
            answer = connection.getresponse()
            told = answer.read()
            rates.append(ROWS / (time.monotonic() - begun))
            assert answer.status == 200, told[:300]
            assert len(json.loads(told)["answers"]) == ROWS
    tell(rows_per_batch=ROWS, answers_per_second_median=statistics.median(rates[1:]), answers_per_second_best=max(rates[1:]))


if __name__ == "__main__":
    main()

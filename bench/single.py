"""One settlement answer over HTTP against a bare view on the same server: python -m bench.single"""

from __future__ import annotations

import http.client
import random
import statistics
import threading
import time

from bench.common import codes, ready, server, tell, token

CLIENTS, SECONDS, ROUNDS = 4, 4.0, 5


def rate(port: int, address: str, asked: list[str], headers: dict[str, str]) -> float:
    """Answers a second, for some seconds, of clients that ask one after another."""
    counts = [0] * CLIENTS
    until = time.monotonic() + SECONDS

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        draw = random.Random(number)
        while time.monotonic() < until:
            connection.request("GET", address + draw.choice(asked), headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, body
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    begun = time.monotonic()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sum(counts) / (time.monotonic() - begun)


def main() -> None:
    ready()
    headers, asked = {"Authorization": f"Bearer {token()}"}, codes(5000)
    addresses = {"bare": "/bench/bare/", "answer": "/api/v1/settlement/answers/"}
    found: dict[str, list[float]] = {name: [] for name in addresses}
    with server() as (port, _):
        for address in addresses.values():
            rate(port, address, asked, headers)  # warm
        for _ in range(ROUNDS):
            for name, address in addresses.items():
                found[name].append(rate(port, address, asked, headers))
    bare, answer = (statistics.median(found[name]) for name in ("bare", "answer"))
    tell(bare_view_requests_per_second=bare, settlement_answers_per_second=answer, ratio=answer / bare)
    tell(rounds=str([f"{a / b:.2f}" for a, b in zip(found["answer"], found["bare"], strict=True)]))


if __name__ == "__main__":
    main()

"""The whole snapshot over HTTP, and the server's memory: python -m bench.snapshot [ndjson|csv]"""

from __future__ import annotations

import http.client
import sys
import time
import zlib

from bench.common import peak_memory, ready, server, tell, token


def main() -> None:
    ready()
    form = sys.argv[1] if len(sys.argv) > 1 else "ndjson"
    headers = {"Authorization": f"Bearer {token()}"}
    with server() as (port, process):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/api/v1/me", headers=headers)  # the program is loaded by the first request
        connection.getresponse().read()
        begun = time.monotonic()
        connection.request("GET", f"/api/v1/settlement/snapshot?form={form}", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200
        unpacker, size, lines, last = zlib.decompressobj(zlib.MAX_WBITS | 16), 0, 0, b""
        while block := answer.read(1 << 20):
            size += len(block)
            plain = unpacker.decompress(block)
            lines, last = lines + plain.count(b"\n"), (last + plain)[-200:]
        seconds = time.monotonic() - begun
        memory = peak_memory(process)
    tell(lines=lines, seconds=seconds, megabytes_sent=size // 1_000_000, server_peak_memory_mb=memory)
    tell(last_line=last.decode(errors="replace").strip().splitlines()[-1])


if __name__ == "__main__":
    main()

"""A stand-in for a code host's API, on loopback."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Host:
    """Records the requests, and answers each alike."""

    status: int = 201
    answer: Any = field(default_factory=lambda: {"html_url": "https://github.com/team/models/pull/7"})
    location: str = ""
    requests: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    address: str = ""


@contextmanager
def served(host: Host) -> Iterator[Host]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            host.requests.append((self.path, dict(self.headers), body))
            data = json.dumps(host.answer).encode()
            self.send_response(host.status)
            if host.location:
                self.send_header("Location", host.location)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

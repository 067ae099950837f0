"""A scripted, OpenAI-compatible chat server on loopback: what a run sends is kept, what it gets is written in the test.

with ScriptedModel([answer({"name": "x"}), status(429), text("no JSON")]) as server:
    config = LlmConfig(model="openai/test", base_url=server.url)
"""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Action = Callable[[dict[str, Any]], tuple[int, dict[str, str], bytes]]
USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


def completion(message: dict[str, Any], finish: str = "stop", usage: dict[str, int] | None = USAGE) -> Action:
    """Answer with one chat completion."""

    def action(request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        body: dict[str, Any] = {
            "id": "c1",
            "object": "chat.completion",
            "created": 0,
            "model": request.get("model"),
            "choices": [
                {"index": 0, "message": {"role": "assistant", "content": None, **message}, "finish_reason": finish}
            ],
        }
        if usage:
            body["usage"] = usage
        return 200, {}, json.dumps(body).encode()

    return action


def text(content: str, **more: Any) -> Action:
    """Answer with plain text."""
    return completion({"content": content}, **more)


def answer(arguments: dict[str, Any] | str, name: str = "answer", **more: Any) -> Action:
    """Answer with a call of the tool `answer`."""
    raw = arguments if isinstance(arguments, str) else json.dumps(arguments)
    call = {"id": "t1", "type": "function", "function": {"name": name, "arguments": raw}}
    return completion({"tool_calls": [call]}, finish="tool_calls", **more)


def status(code: int, message: str = "no", headers: dict[str, str] | None = None) -> Action:
    """Answer with an error."""
    return lambda _: (code, headers or {}, json.dumps({"error": {"message": message}}).encode())


def raw(body: str) -> Action:
    """Answer 200 with these bytes."""
    return lambda _: (200, {}, body.encode())


def slow(seconds: float, then: Action) -> Action:
    """Answer late."""

    def action(request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        time.sleep(seconds)
        return then(request)

    return action


class ScriptedModel:
    """The server; `requests` holds the bodies received. The last action of the script repeats."""

    def __init__(self, script: list[Action]) -> None:
        self.requests: list[dict[str, Any]] = []
        self._script = script
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                number = len(owner.requests)
                owner.requests.append(request)
                code, headers, body = owner._script[min(number, len(owner._script) - 1)](request)
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> "ScriptedModel":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

"""Saved outputs as bounded text: no images, no HTML, no escape sequences."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from tools.notebook.model import Output

MAX_CHARACTERS = 20_000
MAX_OUTPUTS = 100
_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]"
)
_KINDS: dict[str, Literal["result", "display", "error"]] = {
    "execute_result": "result",
    "pyout": "result",
    "display_data": "display",
    "error": "error",
    "pyerr": "error",
}


def safe_text(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return text from a JSON string or list of strings; lone surrogates become U+FFFD."""
    text = "".join(part for part in value if isinstance(part, str)) if isinstance(value, list) else value
    if not isinstance(text, str):
        return ""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def bounded(text: str) -> str:
    """Strip escape sequences, keep what a carriage return left standing, and cut long text in the middle."""
    text = _ESCAPE.sub("", text.replace("\r\n", "\n"))
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))
    if len(text) <= MAX_CHARACTERS:
        return text
    mark = f"\n… {len(text) - MAX_CHARACTERS:,} characters left out …\n"
    half = (MAX_CHARACTERS - len(mark)) // 2
    return f"{text[:half]}{mark}{text[len(text) - half :]}"


def read_outputs(outputs: Any) -> tuple[Output, ...]:  # noqa: ANN401 - whatever JSON holds
    """Return the saved outputs of a cell as text.

    Args:
        outputs: The cell's `outputs` as the file has them; anything odd in it is passed over.

    Returns:
        Streams that follow each other are joined; an output without plain text is left out.
    """
    if not isinstance(outputs, Sequence) or isinstance(outputs, str):
        return ()
    found = [Output(kind=kind, text=bounded(text)) for kind, text in _joined(_texts(outputs)) if text.strip()]
    if len(found) > MAX_OUTPUTS:
        half = MAX_OUTPUTS // 2
        found = found[:half] + found[-half:]
    return tuple(found)


def _texts(outputs: Sequence[Any]) -> Iterator[tuple[Literal["stream", "result", "display", "error"], str]]:
    for output in outputs:
        if not isinstance(output, dict):
            continue
        name = output.get("output_type")
        if name == "stream":
            yield "stream", safe_text(output.get("text"))
        elif name in ("error", "pyerr"):
            traceback = "\n".join(safe_text(line) for line in output.get("traceback") or ())
            head = f"{safe_text(output.get('ename'))}: {safe_text(output.get('evalue'))}"
            yield "error", f"{head}\n{traceback}" if traceback else head
        elif name in _KINDS:
            data = output.get("data")
            yield _KINDS[name], safe_text(data.get("text/plain") if isinstance(data, dict) else output.get("text"))


def _joined(
    texts: Iterator[tuple[Literal["stream", "result", "display", "error"], str]],
) -> list[tuple[Literal["stream", "result", "display", "error"], str]]:
    groups: list[tuple[Literal["stream", "result", "display", "error"], list[str]]] = []
    for kind, text in texts:
        if groups and kind == "stream" and groups[-1][0] == "stream":
            groups[-1][1].append(text)
        else:
            groups.append((kind, [text]))
    return [(kind, "".join(parts)) for kind, parts in groups]

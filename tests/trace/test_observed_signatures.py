"""The types that the author's own functions were called with and gave back."""

import sys
from pathlib import Path

import pytest

from tools.trace.probe.signatures import MAX_CALLS, Signatures

CODE = """
def scaled(values, by=2):
    return [v * by for v in values]

def shown(text):
    print(text)

def numbers(n):
    yield from range(n)

class Box:
    def __init__(self, size):
        self.size = size

    def half(self):
        return self.size / 2

    @staticmethod
    def unit():
        return 1
"""


def watched(call: str, code: str = CODE) -> dict[str, dict[str, list[str]]]:
    """Return the type expressions by argument, by function, after a call."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    exec(code, namespace)
    signatures = Signatures()
    signatures.know(namespace, [name for name in namespace if name != "__name__"])
    with signatures.watching(True):
        exec(call, namespace)
    return {name: {part: sorted(kinds) for part, kinds in parts.items()} for name, parts in signatures.found().items()}


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("scaled([1, 2])", {"scaled": {"values": ["list[int]"], "by": ["int"], "return": ["list[int]"]}}),
        (
            "scaled([1]); scaled([1.5], by=0.5)",
            {
                "scaled": {
                    "values": ["list[float]", "list[int]"],
                    "by": ["float", "int"],
                    "return": ["list[float]", "list[int]"],
                }
            },
        ),
        ("shown('x')", {"shown": {"text": ["str"], "return": ["None"]}}),
        ("list(numbers(2))", {}),
        (
            "Box(3).half()",
            {
                "Box.__init__": {"self": ["Box"], "size": ["int"], "return": ["None"]},
                "Box.half": {"self": ["Box"], "return": ["float"]},
            },
        ),
        ("Box.unit()", {"Box.unit": {"return": ["int"]}}),
        ("len([1])", {}),
    ],
)
def test_arguments_and_results_are_noted(call, found):
    assert watched(call) == found


def test_a_call_that_raises_gives_back_nothing():
    code = "def fails(x):\n    raise ValueError(x)\n"
    call = "try:\n    fails(1)\nexcept ValueError:\n    pass\n"
    assert watched(call, code) == {"fails": {"x": ["int"]}}


def test_it_stops_watching_when_all_was_seen_often_enough():
    calls = "import sys\nfor n in range(%d):\n    scaled([n])\nstill = sys.getprofile()\n"
    namespace: dict[str, object] = {"__name__": "__main__"}
    exec(CODE, namespace)
    signatures = Signatures()
    signatures.know(namespace, ["scaled"])
    for _ in range(2):
        with signatures.watching(True):
            exec(calls % MAX_CALLS, namespace)
    assert namespace["still"] is None
    assert sys.getprofile() is None


def test_a_profile_function_of_the_notebook_is_left_alone():
    own = lambda *_: None  # noqa: E731
    signatures = Signatures()
    namespace: dict[str, object] = {"__name__": "__main__"}
    exec(CODE, namespace)
    signatures.know(namespace, ["scaled"])
    sys.setprofile(own)
    try:
        with signatures.watching(True):
            assert sys.getprofile() is own
    finally:
        sys.setprofile(None)
    assert signatures.found() == {}


def test_the_probe_needs_nothing_of_ours():
    text = Path("tools/trace/probe/signatures.py").read_text(encoding="utf-8")
    assert "from tools" not in text

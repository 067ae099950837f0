"""Lines that a checker names are mended where a repair fits; else exactly that code is silenced there."""

import ast

import pytest

from tools.plan.model import Constraint
from tools.transform.format import formatted
from tools.transform.suppress import original_line, suppressed

FILE = "src/a.py"


def mended(text: str, line: int, tool_and_code: str) -> str:
    return suppressed({FILE: text}, [Constraint(kind="suppress", target=f"{FILE}:{line}:{tool_and_code}")])[FILE]


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        (
            "mypy:no-any-return",
            "def f(x: int) -> str:\n    return g(x)\n",
            "def f(x: int) -> str:\n    result: str = g(x)\n    return result\n",
        ),
        (
            "mypy:no-any-return",
            "def f(result: int) -> str:\n    return g(result)\n",
            "def f(result: int) -> str:\n    outcome: str = g(result)\n    return outcome\n",
        ),
        (
            "mypy:no-any-return",
            "def f() -> str:\n    return a if g() else b\n",
            "def f() -> str:\n    result: str = a if g() else b\n    return result\n",
        ),
        ("ruff:F841", "def f() -> None:\n    seen = g()\n", "def f() -> None:\n    g()\n"),
        (
            "ruff:RUF059",
            "def f() -> int:\n    a, b = g()\n    return a\n",
            "def f() -> int:\n    a, _b = g()\n    return a\n",
        ),
    ],
)
def test_a_repair_takes_the_place_of_the_line(code, before, after):
    assert mended(before, 2, code) == after
    ast.parse(after)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("mypy:no-any-return", "def f(x: int):\n    return g(x)\n"),
        ("mypy:no-any-return", "def f(x: int) -> str | None:\n    return g(x)\n"),
        ("ruff:F841", "def f() -> None:\n    seen = y\n"),
        ("ruff:F841", "def f() -> None:\n    seen = other = g()\n"),
        ("ruff:RUF059", "def f() -> None:\n    both = g()\n"),
        ("mypy:arg-type", "def f() -> None:\n    g(1)\n"),
        ("mypy:no-any-return", "def f(x: int) -> str:\n    return g(" + "a" * 110 + ")\n"),
    ],
)
def test_where_no_repair_fits_the_code_is_silenced(code, text):
    before, after = text.split("\n"), mended(text, 2, code).split("\n")
    tool, name = code.split(":")
    assert after[1] == before[1] + (f"  # type: ignore[{name}]" if tool == "mypy" else f"  # noqa: {name}")
    assert [*after[:1], *after[2:]] == [*before[:1], *before[2:]]


def test_a_line_below_a_repair_is_found_again():
    text = "def f(x: int) -> str:\n    return g(x)\n\n\ndef h() -> None:\n    g(1)\n"
    first = Constraint(kind="suppress", target=f"{FILE}:2:mypy:no-any-return")
    after = suppressed({FILE: text}, [first])[FILE].split("\n")
    where = after.index("    g(1)") + 1
    assert where == 7
    assert original_line(text, [first], FILE, where) == 6


def test_what_is_returned_by_name_states_its_type_where_it_is_bound():
    text = "def f() -> str:\n    a = g(\n        1,\n    )\n    h(a)\n    return a\n"
    assert mended(text, 6, "mypy:no-any-return") == text.replace("a = g(", "a: str = g(")


@pytest.mark.parametrize(
    "text",
    [
        "def f() -> str:\n    a = g()\n    a = h(a)\n    return a\n",
        "def f() -> str:\n    if x:\n        a = g()\n    pass\n    return a\n",
        "def f(a: int) -> str:\n    pass\n    a = g()\n    return a\n",
        "def f() -> str:\n    a, b = g()\n    pass\n    return a\n",
    ],
)
def test_a_name_that_is_bound_in_another_way_is_returned_through_a_variable(text):
    lines = text.split("\n")
    number = lines.index("    return a") + 1
    assert mended(text, number, "mypy:no-any-return").split("\n")[number - 1 :] == [
        "    result: str = a",
        "    return result",
        "",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "def f() -> dict[str, float]:\n    s = {}\n    g(s)\n    return s\n",
            "def f() -> dict[str, float]:\n    s: dict[str, float] = {}\n    g(s)\n    return s\n",
        ),
        (
            "from typing import Any\ndef f() -> int:\n    s = []\n    return len(s)\n",
            "from typing import Any\ndef f() -> int:\n    s: list[Any] = []\n    return len(s)\n",
        ),
    ],
)
def test_an_empty_container_states_what_it_will_hold(before, after):
    number = before.split("\n").index(next(line for line in before.split("\n") if " s = " in line)) + 1
    assert mended(before, number, "mypy:var-annotated") == after


def test_a_container_of_unknown_content_is_silenced_where_nothing_tells_its_type():
    text = "def f() -> int:\n    s = []\n    return len(s)\n"
    assert mended(text, 2, "mypy:var-annotated").split("\n")[1] == "    s = []  # type: ignore[var-annotated]"


@pytest.mark.parametrize(
    ("text", "number", "last"),
    [
        ("def f(\n    a: int, b: Any, c: int\n) -> int:\n    return g(a)\n", 2, 3),
        ("x = f(\n    a, b, c\n)\n", 2, 3),
    ],
)
def test_a_comment_between_brackets_leaves_the_layout_as_it_is(text, number, last):
    made = mended(text, number, "mypy:misc")

    assert made.split("\n")[number - 1].endswith("# type: ignore[misc]")
    assert made.split("\n")[last - 1].endswith("# fmt: skip")
    assert formatted({"src/a.py": made})["src/a.py"] == made
